//! The storage of attached files: a local folder by default, or any S3-compatible store by URL.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};

use crate::private_files::private_folder;
use crate::problem::Problem;
use crate::problem_codes::Code;

/// The store of files.
#[derive(Clone)]
pub struct FileStore {
    pub(super) store: Arc<dyn ObjectStore>,
    /// The folder of a local store.
    pub(super) folder: Option<PathBuf>,
}

/// A file being written. Nothing is readable before it is finished.
pub struct NewFile(WriteMultipart);

/// Separates the key of a file from a number while a local store still writes it. The store does not list such files.
/// A key is used once, so the number is 1.
pub(super) const STAGED: char = '#';
/// Parts uploaded at once, so that a fast sender cannot fill the memory.
const MAX_CONCURRENT_PARTS: usize = 2;

impl FileStore {
    /// A local folder, created if missing. Written files are durable before they become readable.
    pub fn local(folder: &Path) -> Result<Self, String> {
        private_folder(folder).map_err(|e| e.to_string())?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| e.to_string())?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), folder: Some(folder.to_owned()) })
    }

    /// An S3 store, as `s3://bucket/prefix`. Address and credentials come from the usual `AWS_*` variables.
    pub fn s3(url: &str) -> Result<Self, String> {
        let parsed = url::Url::parse(url).map_err(|e| e.to_string())?;
        let store = AmazonS3Builder::from_env().with_url(url).build().map_err(|e| e.to_string())?;
        let store = PrefixStore::new(store, parsed.path().trim_matches('/'));
        Ok(Self { store: Arc::new(store), folder: None })
    }

    /// Starts a file. Nothing is readable under the key before it is finished.
    pub async fn begin(&self, key: &str) -> Result<NewFile, Problem> {
        let upload = self.store.put_multipart(&Key::from(key)).await.map_err(|e| store_unavailable(&e))?;
        Ok(NewFile(WriteMultipart::new(upload)))
    }

    /// A file's bytes, as a stream.
    pub async fn read(&self, key: &str) -> Result<BoxStream<'static, Result<Bytes, Problem>>, Problem> {
        let found = self.store.get(&Key::from(key)).await.map_err(|e| store_unavailable(&e))?;
        Ok(found.into_stream().map_err(|e| store_unavailable(&e)).boxed())
    }

    /// Removes a file, and the remains of an interrupted upload in a local folder. Succeeds if the file is gone
    /// already.
    pub async fn remove(&self, key: &str) -> Result<(), Problem> {
        if let Some(folder) = &self.folder {
            remove_local(&folder.join(format!("{key}{STAGED}1"))).await?;
        }
        match self.store.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(store_unavailable(&e)),
        }
    }
}

impl NewFile {
    /// Adds bytes. Waits while too many parts are in progress.
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), Problem> {
        self.0.wait_for_capacity(MAX_CONCURRENT_PARTS).await.map_err(|e| store_unavailable(&e))?;
        self.0.put(chunk);
        Ok(())
    }

    /// Makes the file readable. On a local disk, its bytes are durable by then.
    pub async fn finish(self) -> Result<(), Problem> {
        self.0.finish().await.map(drop).map_err(|e| store_unavailable(&e))
    }

    /// Discards what was written.
    pub async fn discard(self) {
        if let Err(error) = self.0.abort().await {
            log::warn!("files.discard error={error}");
        }
    }
}

/// Removes a file by its path. Succeeds if the file is gone already.
pub(super) async fn remove_local(path: &Path) -> Result<(), Problem> {
    match tokio::fs::remove_file(path).await {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(store_unavailable(&error)),
    }
}

pub(super) fn store_unavailable(error: &dyn std::error::Error) -> Problem {
    log::error!("files.store error={error}");
    Problem::new(Code::Unavailable, "The file store is unavailable or full; try again.")
}
