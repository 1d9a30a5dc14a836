-- Categories in use remain as custom categories.
DO $$
DECLARE
    org uuid;
BEGIN
    PERFORM set_config('app.is_platform', 'on', true);
    FOR org IN SELECT id FROM orgs LOOP
        PERFORM set_config('app.org_id', org::text, true);
        UPDATE categories SET is_seeded = false WHERE category_key IN ('access.content.private_content', 'access.content.event_invitation', 'access.content.resource_download', 'access.content.page_visibility');
        DELETE FROM categories WHERE category_key IN ('access.content.private_content', 'access.content.event_invitation', 'access.content.resource_download', 'access.content.page_visibility') AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.org_id = categories.org_id AND t.category_id = categories.id);
    END LOOP;
    PERFORM set_config('app.org_id', '', true);
END
$$;
