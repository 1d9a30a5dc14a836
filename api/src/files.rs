//! Where attached files are kept: a local folder by default, any S3-compatible store by URL.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, WriteMultipart};

use crate::private_files::private_folder;
use crate::problem::{Code, Problem};

/// The store of files.
#[derive(Clone)]
pub(crate) struct FileStore(Arc<dyn ObjectStore>);

/// A file being written. Nothing of it is there until it is finished.
pub(crate) struct NewFile(WriteMultipart);

/// Parts under way at once, so that a fast sender can't fill the memory.
const PARTS_AT_ONCE: usize = 2;

impl FileStore {
    /// A folder, made if it is not there; what is written is on the disk before it counts.
    pub(crate) fn local(folder: &Path) -> Result<Self, String> {
        private_folder(folder).map_err(|e| e.to_string())?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| e.to_string())?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// `s3://bucket/prefix`; address and credentials come from the usual `AWS_*` variables.
    pub(crate) fn s3(url: &str) -> Result<Self, String> {
        let parsed = url::Url::parse(url).map_err(|e| e.to_string())?;
        let store = AmazonS3Builder::from_env().with_url(url).build().map_err(|e| e.to_string())?;
        Ok(Self(Arc::new(PrefixStore::new(store, parsed.path().trim_matches('/')))))
    }

    pub(crate) async fn begin(&self, key: &str) -> Result<NewFile, Problem> {
        let upload = self.0.put_multipart(&Key::from(key)).await.map_err(|e| away(&e))?;
        Ok(NewFile(WriteMultipart::new(upload)))
    }

    /// A file's bytes, as a stream.
    pub(crate) async fn read(
        &self,
        key: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, Problem>>, Problem> {
        let found = self.0.get(&Key::from(key)).await.map_err(|e| away(&e))?;
        Ok(found.into_stream().map_err(|e| away(&e)).boxed())
    }

    /// Removes a file; that it is gone already is fine.
    pub(crate) async fn remove(&self, key: &str) -> Result<(), Problem> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(away(&e)),
        }
    }

    /// All stored files, for the sweep of those without a row.
    pub(crate) async fn all(&self) -> Result<Vec<ObjectMeta>, Problem> {
        self.0.list(None).try_collect().await.map_err(|e| away(&e))
    }
}

impl NewFile {
    pub(crate) async fn write(&mut self, chunk: Bytes) -> Result<(), Problem> {
        self.0.wait_for_capacity(PARTS_AT_ONCE).await.map_err(|e| away(&e))?;
        self.0.put(chunk);
        Ok(())
    }

    pub(crate) async fn finish(self) -> Result<(), Problem> {
        self.0.finish().await.map(drop).map_err(|e| away(&e))
    }

    pub(crate) async fn discard(self) {
        if let Err(error) = self.0.abort().await {
            log::warn!("files.discard error={error}");
        }
    }
}

fn away(error: &object_store::Error) -> Problem {
    log::error!("files.store error={error}");
    Problem::new(Code::Unavailable, "The file store is away or full; try again.")
}
