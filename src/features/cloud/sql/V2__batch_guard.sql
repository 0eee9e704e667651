-- A box writes its rows only within a batch that was let in: what comes late, twice or out of order
-- changes nothing, whoever sends it and however it got there.

-- The site whose batch is open in this transaction.
CREATE FUNCTION qres.open_site() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    SELECT site_id FROM qres.sites
    WHERE role = session_user AND revoked_at IS NULL
      AND current_setting('qres.open_batch', true) = site_id::text || ' ' || pg_current_xact_id()::text
$$;

CREATE OR REPLACE FUNCTION qres.begin_batch(
    my_epoch bigint, my_hardware text, my_batch bigint, my_schema integer, my_version text,
    OUT verdict text, OUT taken bigint, OUT last_through bigint, OUT last_tag bigint
)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
DECLARE
    site qres.sites;
BEGIN
    SELECT * INTO site FROM qres.sites WHERE role = session_user FOR UPDATE;
    taken := coalesce(site.batch, 0);
    last_through := site.through;
    last_tag := site.tag;
    IF site.site_id IS NULL OR site.revoked_at IS NOT NULL THEN
        verdict := 'revoked';
        RETURN;
    ELSIF my_epoch < site.epoch THEN
        verdict := 'fenced';
    ELSIF my_epoch = site.epoch AND site.hardware IS NOT NULL AND site.hardware <> my_hardware THEN
        verdict := 'cloned';
    ELSIF my_epoch = site.epoch AND my_batch <= site.batch THEN
        verdict := CASE WHEN my_batch = site.batch THEN 'repeat' ELSE 'behind' END;
    ELSIF my_epoch = site.epoch AND my_batch > site.batch + 1 THEN
        verdict := 'lost';
    ELSE
        verdict := 'go';
        PERFORM set_config('qres.open_batch', site.site_id::text || ' ' || pg_current_xact_id()::text, true);
    END IF;
    IF verdict IN ('go', 'repeat', 'lost') THEN
        UPDATE qres.sites
        SET epoch = my_epoch, hardware = my_hardware, schema_version = my_schema,
            qres_version = my_version, last_push_at = now()
        WHERE site_id = site.site_id;
    ELSE
        UPDATE qres.sites SET alarm = verdict, alarm_at = now() WHERE site_id = site.site_id;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION qres.end_batch(my_batch bigint, my_through bigint, my_tag bigint, until bigint)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    UPDATE qres.sites
    SET batch = my_batch, through = my_through, tag = my_tag,
        complete_until = coalesce(until, complete_until)
    WHERE site_id = qres.open_site()
$$;

REVOKE ALL ON FUNCTION qres.open_site() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qres.open_site() TO qres_box;
