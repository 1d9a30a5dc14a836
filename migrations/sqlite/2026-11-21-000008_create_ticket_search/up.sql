-- The different words of each ticket, once as readable text and once as an index. `org` separates the tenants inside it.
CREATE TABLE ticket_search (
    doc_id integer PRIMARY KEY,
    org_id blob NOT NULL,
    ticket_id blob NOT NULL,
    public_words text NOT NULL,
    staff_words text NOT NULL,
    UNIQUE (org_id, ticket_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
) STRICT;

CREATE VIRTUAL TABLE ticket_fts USING fts5 (
    org, public_words, staff_words,
    content = '', contentless_delete = 1, detail = 'column', tokenize = 'ascii', prefix = '2 3'
);

CREATE TRIGGER ticket_search_added AFTER INSERT ON ticket_search BEGIN
    INSERT INTO ticket_fts (rowid, org, public_words, staff_words)
    VALUES (new.doc_id, lower(hex(new.org_id)), new.public_words, new.staff_words);
END;

CREATE TRIGGER ticket_search_changed AFTER UPDATE ON ticket_search BEGIN
    INSERT OR REPLACE INTO ticket_fts (rowid, org, public_words, staff_words)
    VALUES (new.doc_id, lower(hex(new.org_id)), new.public_words, new.staff_words);
END;

CREATE TRIGGER ticket_search_removed AFTER DELETE ON ticket_search BEGIN
    DELETE FROM ticket_fts WHERE rowid = old.doc_id;
END;
