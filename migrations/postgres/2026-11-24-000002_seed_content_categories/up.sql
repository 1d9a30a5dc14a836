-- Existing organizations get the categories of new ones, unless they have one with the same key.
DO $$
DECLARE
    org uuid;
BEGIN
    PERFORM set_config('app.is_platform', 'on', true);
    FOR org IN SELECT id FROM orgs LOOP
        PERFORM set_config('app.org_id', org::text, true);
        INSERT INTO categories (org_id, id, category_key, name, parent_id, is_seeded, is_active, created_at, updated_at, version)
            SELECT c.org_id, gen_random_uuid(), 'access.content.private_content', 'Private content', c.id, true, true, now(), now(), 1 FROM categories c
            WHERE c.category_key = 'access.content' AND NOT EXISTS (SELECT 1 FROM categories o WHERE o.org_id = c.org_id AND o.category_key = 'access.content.private_content');
        INSERT INTO categories (org_id, id, category_key, name, parent_id, is_seeded, is_active, created_at, updated_at, version)
            SELECT c.org_id, gen_random_uuid(), 'access.content.event_invitation', 'Event invitation', c.id, true, true, now(), now(), 1 FROM categories c
            WHERE c.category_key = 'access.content' AND NOT EXISTS (SELECT 1 FROM categories o WHERE o.org_id = c.org_id AND o.category_key = 'access.content.event_invitation');
        INSERT INTO categories (org_id, id, category_key, name, parent_id, is_seeded, is_active, created_at, updated_at, version)
            SELECT c.org_id, gen_random_uuid(), 'access.content.resource_download', 'Resource download', c.id, true, true, now(), now(), 1 FROM categories c
            WHERE c.category_key = 'access.content' AND NOT EXISTS (SELECT 1 FROM categories o WHERE o.org_id = c.org_id AND o.category_key = 'access.content.resource_download');
        INSERT INTO categories (org_id, id, category_key, name, parent_id, is_seeded, is_active, created_at, updated_at, version)
            SELECT c.org_id, gen_random_uuid(), 'access.content.page_visibility', 'Page visibility', c.id, true, true, now(), now(), 1 FROM categories c
            WHERE c.category_key = 'access.content' AND NOT EXISTS (SELECT 1 FROM categories o WHERE o.org_id = c.org_id AND o.category_key = 'access.content.page_visibility');
    END LOOP;
    PERFORM set_config('app.org_id', '', true);
END
$$;
