//! `qres admin create`: the first person who can sign in.

use std::io::Read;

use clap::Args;

use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance::Appliance;
use crate::features::account::RemoveFactor;
use crate::features::staff::{CreateUser, FullName, NewUser, Password, Username};
use crate::platform::auth::{self, Role};
use crate::platform::observe;

/// No password is longer; whatever pours more into stdin is not a person.
const MOST_BYTES: u64 = 1024;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// The name to sign in with.
    #[arg(long, value_name = "NAME")]
    username: String,
    /// The name colleagues see; the username when left out.
    #[arg(long, value_name = "NAME")]
    full_name: Option<String>,
    /// Read the password from stdin: an argument would be seen by everybody on this machine.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Write the new admin as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn create(options: &Options) -> Result<(), Failure> {
    let usage = |option: &str, why: String| Failure::usage(format!("{option} {why}."));
    let username = Username::new(&options.username).map_err(|why| usage("--username", why))?;
    let full_name = FullName::new(options.full_name.as_deref().unwrap_or(&username))
        .map_err(|why| usage("--full-name", why))?;
    let mut password = String::new();
    std::io::stdin().take(MOST_BYTES).read_to_string(&mut password)?;
    let password = Password::new(&password).map_err(|why| usage("The password", why))?;

    auth::check_new_password(&password, &username)?;
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    serve::runtime()?.block_on(async {
        let app = Appliance::open(settings).await?;
        let password_hash = app.auth.hasher.hash_password(&password).await?;
        let user = NewUser {
            username: username.into_inner(),
            full_name: full_name.into_inner(),
            role: Role::Admin,
            phone: None,
            avatar_url: None,
            password_hash,
            pin_hash: None,
            is_active: true,
            shift_active: false,
            created_by_id: None,
        };
        let created = app.store.run(CreateUser(user)).await;
        app.store.close().await;
        let user = created?;
        tell(options.json, &user, || format!("“{}” can sign in as an admin now.", user.username))
    })
}

#[derive(Args)]
pub(super) struct FactorOptions {
    #[command(flatten)]
    data: DataOptions,
    /// Whose.
    #[arg(long, value_name = "NAME")]
    username: String,
}

/// For the day when a phone is lost and its recovery codes too.
pub(super) fn remove_second_factor(options: &FactorOptions) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    serve::runtime()?.block_on(async {
        let app = Appliance::open(settings).await?;
        let removed = remove(&app, options.username.clone()).await;
        app.store.close().await;
        removed?;
        println!("“{}” signs in without a second factor now.", options.username);
        Ok(())
    })
}

async fn remove(app: &Appliance, username: String) -> crate::core::error::Result<()> {
    let user_id = app.store.read(move |db| auth::user_id(db, &username)).await?;
    app.store.run(RemoveFactor { user_id, by: None }).await
}
