//! The numbered migrations of the cloud's own tables.

use tokio_postgres::Client;

mod migrations {
    refinery::embed_migrations!("src/features/cloud/sql");
}

/// Brings the cloud's own tables to this version.
///
/// # Errors
/// A sentence that says what could not be done.
pub async fn migrate_cloud(client: &mut Client) -> Result<(), String> {
    let mut runner = migrations::migrations::runner();
    runner.set_migration_table_name("qres.schema_history");
    runner.run_async(client).await.map(drop).map_err(|error| format!("{error}."))
}
