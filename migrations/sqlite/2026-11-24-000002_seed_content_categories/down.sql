-- Categories in use remain as custom categories.
UPDATE categories SET is_seeded = 0 WHERE category_key IN ('access.content.private_content', 'access.content.event_invitation', 'access.content.resource_download', 'access.content.page_visibility');
DELETE FROM categories WHERE category_key IN ('access.content.private_content', 'access.content.event_invitation', 'access.content.resource_download', 'access.content.page_visibility') AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.org_id = categories.org_id AND t.category_id = categories.id);
