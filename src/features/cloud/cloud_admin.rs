//! What the owner of the cloud's database does: makes it, adds and cuts off sites, publishes menus.

use tokio_postgres::{Client, Config};
use uuid::Uuid;

use super::connect::{CloudError, Connection, cloud_error};
use super::mirror;
use super::store::migrate_cloud;
use crate::core::kernel::hex;
use crate::core::store::Tables;
use crate::platform::auth::random_bytes;
use crate::platform::config::{Enrolment, WireTls};

/// Held while the schema is made, so that two inits come one after the other.
const INIT_LOCK: i64 = 0x7172_6573;

/// The cloud, as the owner of its database sees it.
pub struct CloudAdmin {
    connection: Connection,
    config: Config,
    tls: WireTls,
}

/// Whose menu a publication is.
pub enum Scope {
    /// One site, by its name.
    Site(String),
    /// Every site of a group.
    Group(String),
    /// Every site.
    All,
}

impl CloudAdmin {
    /// Signs in. `ca` is an authority of one's own (PEM).
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn connect(url: &str, ca: Option<&str>) -> Result<Self, CloudError> {
        let (connection, config, tls) = Connection::admin(url, ca).await?;
        Ok(Self { connection, config, tls })
    }

    /// Makes the cloud's schema with copies of these tables, or brings it to this version. Doing it
    /// again changes nothing.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn init(&mut self, tables: &'static Tables) -> Result<(), CloudError> {
        let client = &mut self.connection.client;
        client
            .batch_execute(&format!(
                "SELECT pg_advisory_lock({INIT_LOCK}); CREATE SCHEMA IF NOT EXISTS qres"
            ))
            .await
            .map_err(cloud_error)?;
        migrate_cloud(client).await.map_err(|words| CloudError::new("cloud_init", words))?;
        let transaction = client.transaction().await.map_err(cloud_error)?;
        transaction.batch_execute(&mirror::definition(tables)?).await.map_err(cloud_error)?;
        transaction.batch_execute(include_str!("sql/views.sql")).await.map_err(cloud_error)?;
        transaction.commit().await.map_err(cloud_error)?;
        let unlock = format!("SELECT pg_advisory_unlock({INIT_LOCK})");
        client.batch_execute(&unlock).await.map_err(cloud_error)
    }

    /// Adds a site with a role of its own, which sees nothing but this site. A site that was cut
    /// off gets a new password, and its data stay.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn add_site(
        &mut self,
        name: &str,
        group: Option<&str>,
    ) -> Result<Enrolment, CloudError> {
        let random: [u8; 24] =
            random_bytes().map_err(|error| CloudError::new("no_randomness", error.to_string()))?;
        let password = hex(&random);
        let transaction = self.connection.client.transaction().await.map_err(cloud_error)?;
        let known = transaction
            .query_opt(
                "SELECT site_id, role, revoked_at IS NULL FROM qres.sites WHERE name = $1",
                &[&name],
            )
            .await
            .map_err(cloud_error)?;
        let (site_id, role) = match known {
            Some(row) if row.get(2) => {
                return Err(CloudError::new(
                    "site_exists",
                    format!(
                        "There is a site “{name}” already. Choose another name, or cut it off first with `qres cloud revoke`."
                    ),
                ));
            }
            Some(row) => (row.get::<_, Uuid>(0), row.get::<_, String>(1)),
            None => {
                let site_id = Uuid::new_v4();
                let role = format!("qres_site_{}", &site_id.simple().to_string()[..12]);
                (site_id, role)
            }
        };
        // Both are made of hexadecimal digits here: nothing in them ends a quotation.
        transaction
            .batch_execute(&format!(
                "DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                        CREATE ROLE {role} IN ROLE qres_box;
                    END IF;
                 END $$;
                 ALTER ROLE {role} LOGIN PASSWORD '{password}' CONNECTION LIMIT 4"
            ))
            .await
            .map_err(cloud_error)?;
        transaction
            .execute(
                "INSERT INTO qres.sites (site_id, name, site_group, role) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (site_id) DO UPDATE
                 SET revoked_at = NULL, site_group = coalesce(excluded.site_group, sites.site_group)",
                &[&site_id, &name, &group, &role],
            )
            .await
            .map_err(cloud_error)?;
        transaction.commit().await.map_err(cloud_error)?;
        self.enrolment(site_id, role, password)
    }

    fn enrolment(
        &self,
        site_id: Uuid,
        role: String,
        password: String,
    ) -> Result<Enrolment, CloudError> {
        use tokio_postgres::config::Host;
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            _ => {
                return Err(CloudError::new(
                    "bad_url",
                    "Name the cloud's host in the URL: boxes reach it over the network.",
                ));
            }
        };
        Ok(Enrolment {
            host,
            port: self.config.get_ports().first().copied().unwrap_or(5432),
            database: self
                .config
                .get_dbname()
                .or(self.config.get_user())
                .unwrap_or("qres")
                .to_owned(),
            role,
            password,
            site_id,
            tls: self.tls.clone(),
        })
    }

    /// Cuts a site's box off, at once. Its data stay.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn revoke(&mut self, name: &str) -> Result<(), CloudError> {
        let transaction = self.connection.client.transaction().await.map_err(cloud_error)?;
        let row = transaction
            .query_opt(
                "UPDATE qres.sites SET revoked_at = now() WHERE name = $1 RETURNING role",
                &[&name],
            )
            .await
            .map_err(cloud_error)?
            .ok_or_else(|| no_site(name))?;
        let role: String = row.get(0);
        transaction
            .batch_execute(&format!("ALTER ROLE {role} NOLOGIN PASSWORD NULL"))
            .await
            .map_err(cloud_error)?;
        transaction.commit().await.map_err(cloud_error)?;
        self.connection
            .client
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1",
                &[&role],
            )
            .await
            .map_err(cloud_error)?;
        Ok(())
    }

    /// Publishes a menu as a whole version; boxes take it when they see it. Returns its number.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub async fn publish(
        &self,
        content: &serde_json::Value,
        scope: &Scope,
        after_closing: bool,
    ) -> Result<i64, CloudError> {
        let client = &self.connection.client;
        let (site_id, group) = match scope {
            Scope::All => (None, None),
            Scope::Group(group) => (None, Some(group.as_str())),
            Scope::Site(name) => (Some(self.site_id(name).await?), None),
        };
        let when = if after_closing { "after_closing" } else { "now" };
        let row = client
            .query_one(
                "INSERT INTO qres.publications (site_id, site_group, apply_when, content)
                 VALUES ($1, $2, $3, $4) RETURNING version",
                &[&site_id, &group, &when, content],
            )
            .await
            .map_err(cloud_error)?;
        Ok(row.get(0))
    }

    async fn site_id(&self, name: &str) -> Result<Uuid, CloudError> {
        let row = self
            .connection
            .client
            .query_opt("SELECT site_id FROM qres.sites WHERE name = $1", &[&name])
            .await
            .map_err(cloud_error)?;
        Ok(row.ok_or_else(|| no_site(name))?.get(0))
    }

    /// The connection, for questions of one's own.
    pub fn client(&self) -> &Client {
        &self.connection.client
    }
}

fn no_site(name: &str) -> CloudError {
    CloudError::new("no_site", format!("There is no site “{name}” in this cloud."))
}
