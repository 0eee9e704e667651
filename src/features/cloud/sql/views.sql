-- What a head office asks across its sites. Moments of the box are milliseconds, money is minor
-- units; here they are timestamps and the currency's major units. Made anew by every init.
CREATE OR REPLACE VIEW qres.sold_items AS
SELECT o.site_id, s.name AS site, o.id AS order_id, o.order_type,
       to_timestamp(o.created_at / 1000.0) AS ordered_at,
       to_date(o.business_day::text, 'YYYYMMDD') AS business_day,
       extract(hour FROM to_timestamp(o.created_at / 1000.0) AT TIME ZONE coalesce(r.timezone, 'UTC'))::int AS hour,
       r.currency, i.dish_id, i.dish_name, i.variation_name,
       CASE WHEN i.unit IS NULL THEN i.quantity / 1000 ELSE 1 END AS quantity,
       qres.major_units(coalesce(i.paid, i.gross), r.currency) AS amount,
       i.unit, CASE WHEN i.unit IS NOT NULL THEN i.quantity / 1000.0 END AS measured
FROM qres.orders o
JOIN qres.sites s ON s.site_id = o.site_id
JOIN qres.order_items i ON i.site_id = o.site_id AND i.order_id = o.id
LEFT JOIN qres.site r ON r.site_id = o.site_id
WHERE o.payment_status = 'PAID' AND i.status <> 'CANCELLED';

CREATE OR REPLACE VIEW qres.sales_by_day AS
SELECT site_id, site, currency, business_day, count(DISTINCT order_id) AS orders,
       sum(quantity) AS items, sum(amount) AS amount
FROM qres.sold_items GROUP BY site_id, site, currency, business_day;

CREATE OR REPLACE VIEW qres.sales_by_hour AS
SELECT site_id, site, currency, business_day, hour, count(DISTINCT order_id) AS orders,
       sum(amount) AS amount
FROM qres.sold_items GROUP BY site_id, site, currency, business_day, hour;

CREATE OR REPLACE VIEW qres.sales_by_dish AS
SELECT site_id, site, currency, business_day, dish_name, variation_name,
       sum(quantity) AS quantity, sum(amount) AS amount, unit, sum(measured) AS measured
FROM qres.sold_items
GROUP BY site_id, site, currency, business_day, dish_name, variation_name, unit;

CREATE OR REPLACE VIEW qres.sales_by_site AS
SELECT site_id, site, currency, min(business_day) AS first_day, max(business_day) AS last_day,
       count(DISTINCT order_id) AS orders, sum(amount) AS amount
FROM qres.sold_items GROUP BY site_id, site, currency;
