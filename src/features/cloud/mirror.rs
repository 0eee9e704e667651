//! The cloud's copies of the box's tables, made after the box's own schema: the same names and
//! columns, `site_id` first in every key, no secrets, and only one's own rows for a box.

use std::fmt::Write;

use super::connect::CloudError;
use super::store::{Shape, shapes_of_this_version};
use crate::core::kernel::money;
use crate::core::store::Tables;

/// The SQL that makes the copies or adds what they lack. Running it again changes nothing.
///
/// # Errors
/// When the box's own schema cannot be read.
pub(super) fn definition(tables: &'static Tables) -> Result<String, CloudError> {
    let mut sql = digits_function();
    for shape in shapes_of_this_version(tables)? {
        table(&mut sql, &shape);
    }
    Ok(sql)
}

fn table(sql: &mut String, shape: &Shape) {
    let name = shape.table.name;
    let _ = writeln!(
        sql,
        "CREATE TABLE IF NOT EXISTS qres.{name} (site_id uuid, id bigint, PRIMARY KEY (site_id, id));"
    );
    for column in shape.columns.iter().filter(|column| column.name != "id") {
        let (column, kind) = (&column.name, column.kind.in_cloud());
        // Never NOT NULL: a box that is a version behind does not know the column yet.
        let _ = writeln!(sql, "ALTER TABLE qres.{name} ADD COLUMN IF NOT EXISTS {column} {kind};");
    }
    let _ = writeln!(
        sql,
        "ALTER TABLE qres.{name} ENABLE ROW LEVEL SECURITY;
         DROP POLICY IF EXISTS own_site ON qres.{name};
         CREATE POLICY own_site ON qres.{name} FOR SELECT TO qres_box
             USING (site_id = (SELECT qres.my_site()));
         DROP POLICY IF EXISTS own_batch ON qres.{name};
         CREATE POLICY own_batch ON qres.{name} TO qres_box
             USING (site_id = (SELECT qres.open_site()))
             WITH CHECK (site_id = (SELECT qres.open_site()));
         GRANT SELECT, INSERT, UPDATE, DELETE ON qres.{name} TO qres_box;"
    );
    if let Some(index) = match name {
        "orders" => Some("(site_id, business_day)"),
        "order_items" => Some("(site_id, order_id)"),
        _ => None,
    } {
        let _ = writeln!(sql, "CREATE INDEX IF NOT EXISTS {name}_reports ON qres.{name} {index};");
    }
}

/// How many digits the minor unit of a currency has, for the views.
fn digits_function() -> String {
    let mut cases = String::new();
    for digits in [0u8, 3, 4] {
        let codes: Vec<String> =
            money::currencies_with(digits).map(|code| format!("'{code}'")).collect();
        let _ = write!(cases, "WHEN currency IN ({}) THEN {digits} ", codes.join(", "));
    }
    format!(
        "CREATE OR REPLACE FUNCTION qres.major_units(amount bigint, currency text) RETURNS numeric
             LANGUAGE sql IMMUTABLE AS
         $$ SELECT round(amount / power(10::numeric, CASE {cases} ELSE 2 END), 4) $$;"
    )
}
