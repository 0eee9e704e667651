//! Photos: taken from an admin as any picture, kept as small JPEGs that carry nothing but their
//! pixels, and removed by the box itself when nothing shows them any longer.

mod api;
mod feature;
mod folder;
mod picture;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::core::background::in_background;
use crate::core::error::{Error, Result};
use crate::platform::app::App;

pub use feature::feature;
pub use folder::Tidied;

/// How many photos may be on their way in at once: each holds its whole file in memory.
const COMING_IN: usize = 3;

/// Where photos are kept, and how many are worked on at once.
pub struct Uploads {
    folder: PathBuf,
    coming_in: Arc<Semaphore>,
    /// One at a time: an unpacked photo takes up to 300 MB.
    working: Arc<Semaphore>,
}

/// A photo that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// The largest size: what a dish's `main_image_url` is set to.
    #[schema(example = "/uploads/0123456789abcdef0123456789abcdef-960.jpg")]
    pub url: String,
    /// The address of each size by its width in pixels. 96 and 192 are squares cut out of the
    /// middle, 480 and 960 show the whole photo. None is ever enlarged.
    pub sizes: BTreeMap<String, String>,
}

impl Uploads {
    /// Photos in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            coming_in: Arc::new(Semaphore::new(COMING_IN)),
            working: Arc::new(Semaphore::new(1)),
        }
    }

    /// Makes the sizes of a picture and keeps them. The same picture again has the same address.
    ///
    /// # Errors
    /// 400 when it is no picture, a broken one or too large a one; 507 when the disk is full.
    async fn take_in(&self, bytes: bytes::Bytes) -> Result<Uploaded> {
        let permit = Arc::clone(&self.working).acquire_owned().await.map_err(Error::internal)?;
        let folder = self.folder.clone();
        let work = move || {
            // Given back by the work itself: a caller who hangs up does not end it.
            let _permit = permit;
            let sizes = picture::sizes_of(&bytes)?;
            folder::keep(&folder, &sizes)
        };
        let hash = in_background(work).await??;
        let url = |width: u32| format!("/uploads/{}", folder::file_name(&hash, width));
        Ok(Uploaded {
            url: url(picture::LARGEST),
            sizes: picture::WIDTHS.map(|width| (width.to_string(), url(width))).into(),
        })
    }

    /// Where a file is kept; nothing where the name is none of ours.
    fn find(&self, name: &str) -> Option<PathBuf> {
        folder::is_ours(name).then(|| self.folder.join(name))
    }
}

/// A photo of ours in gray, and no larger than this many pixels, wide and high.
///
/// # Errors
/// 422 when there is no such photo.
pub async fn gray(app: &App, url: &str, most: (u32, u32)) -> Result<image::GrayImage> {
    let hash = url.strip_prefix("/uploads/").and_then(folder::hash_in);
    let no_such = || Error::invalid("image_url", "must be that of a photo sent to /uploads");
    let name = folder::file_name(hash.ok_or_else(no_such)?, picture::LARGEST);
    let path = app.state::<Uploads>().folder.join(name);
    let work = move || picture::gray(&std::fs::read(path).map_err(|_| no_such())?, most);
    in_background(work).await?
}

/// Removes the photos that nothing has shown for a week, and what broken-off uploads left.
///
/// # Errors
/// When the database or the folder cannot be read.
pub async fn tidy(app: &App) -> Result<Tidied> {
    let shown = app.store.read(store::shown).await?;
    let folder = app.state::<Uploads>().folder.clone();
    let work = move || folder::tidy(&folder, &shown, std::time::SystemTime::now());
    in_background(work).await?
}
