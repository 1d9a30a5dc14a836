DROP TABLE uploaders;
DROP TABLE unattached_files;
DROP TABLE attachments;
DROP TABLE read_markers;
DROP TABLE messages;
DROP TABLE tickets;
DROP TABLE categories;
