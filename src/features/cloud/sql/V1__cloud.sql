-- The cloud's own tables: sites, what each box told of itself, and the menus that a head office
-- publishes. The copied tables are not here: `qres cloud init` makes them after the box's own
-- schema, and adds the columns that a newer one has.

-- A site's box signs in under a role of its own, and all of them are members of this one.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'qres_box') THEN
        CREATE ROLE qres_box NOLOGIN;
    END IF;
END $$;
GRANT USAGE ON SCHEMA qres TO qres_box;

CREATE TABLE qres.sites (
    site_id         uuid PRIMARY KEY,
    name            text NOT NULL UNIQUE,
    site_group      text,
    role            name NOT NULL UNIQUE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    revoked_at      timestamptz,
    -- Which box is the right one: a restored one is one higher, and the hardware tells clones apart.
    epoch           bigint NOT NULL DEFAULT 0,
    hardware        text,
    -- The batch that was taken last.
    batch           bigint NOT NULL DEFAULT 0,
    -- The change of the box's log that it ended with.
    through         bigint,
    tag             bigint,
    schema_version  integer NOT NULL DEFAULT 0,
    qres_version    text,
    last_push_at    timestamptz,
    -- Up to which moment of the box's clock nothing is missing, in milliseconds.
    complete_until  bigint,
    menu_version    bigint NOT NULL DEFAULT 0,
    menu_problem    text,
    alarm           text,
    alarm_at        timestamptz
);

CREATE TABLE qres.publications (
    version         bigint PRIMARY KEY,
    -- For one site, for a group of them, or for all.
    site_id         uuid,
    site_group      text,
    -- 'now' or 'after_closing'.
    apply_when      text NOT NULL DEFAULT 'now' CHECK (apply_when IN ('now', 'after_closing')),
    content         jsonb NOT NULL,
    published_at    timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE qres.publication_versions;
ALTER TABLE qres.publications ALTER COLUMN version SET DEFAULT nextval('qres.publication_versions');

-- The site of whoever asks; nothing for a box that was cut off.
CREATE FUNCTION qres.my_site() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$ SELECT site_id FROM qres.sites WHERE role = session_user AND revoked_at IS NULL $$;

-- Begins a batch: holds the site until the end of the transaction, so that batches of one site come
-- one after the other. Says 'go'; 'repeat' when this batch was taken already; 'revoked'; 'fenced'
-- when another box has taken over; 'cloned' when another hardware has the same epoch; 'behind' when
-- the box has forgotten batches that were taken from it; 'lost' when the cloud has forgotten some.
CREATE FUNCTION qres.begin_batch(
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

-- Ends a batch: it is taken. `until` is null while more rows wait.
CREATE FUNCTION qres.end_batch(my_batch bigint, my_through bigint, my_tag bigint, until bigint)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    UPDATE qres.sites
    SET batch = my_batch, through = my_through, tag = my_tag,
        complete_until = coalesce(until, complete_until)
    WHERE role = session_user AND revoked_at IS NULL
$$;

-- A new box takes the place of the old one, which is refused from then on.
CREATE FUNCTION qres.take_over(my_hardware text, OUT epoch bigint, OUT batch bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    UPDATE qres.sites SET epoch = sites.epoch + 1, hardware = my_hardware, alarm = NULL, alarm_at = NULL
    WHERE role = session_user AND revoked_at IS NULL
    RETURNING sites.epoch, sites.batch
$$;

-- The newest menu for the site of whoever asks.
CREATE FUNCTION qres.my_publication(
    OUT version bigint, OUT apply_when text, OUT content jsonb
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    SELECT p.version, p.apply_when, p.content
    FROM qres.publications p, qres.sites s
    WHERE s.role = session_user AND s.revoked_at IS NULL
      AND (p.site_id = s.site_id
           OR (p.site_id IS NULL AND (p.site_group IS NULL OR p.site_group = s.site_group)))
    ORDER BY p.version DESC LIMIT 1
$$;

-- The box tells which menu it runs, or why it does not.
CREATE FUNCTION qres.report_menu(running bigint, problem text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    UPDATE qres.sites SET menu_version = running, menu_problem = problem
    WHERE role = session_user AND revoked_at IS NULL
$$;

-- What a box may know of its own site, to go on from there.
CREATE FUNCTION qres.my_state(
    OUT site_id uuid, OUT epoch bigint, OUT batch bigint, OUT schema_version integer,
    OUT complete_until bigint
)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = qres, pg_temp
    AS $$
    SELECT site_id, epoch, batch, schema_version, complete_until
    FROM qres.sites WHERE role = session_user AND revoked_at IS NULL
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA qres FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA qres TO qres_box;
