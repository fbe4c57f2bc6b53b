//! Where the files of a batch go.
//!
//! In: names and finished bytes, from many workers. Out: whatever the sink makes of them, group by group, in the order of the records.
//! Invariant: a group of records is kept by the sink and listed in the manifest, or neither.
//!
//! | step | on whose thread | a [`Folder`](super::Folder) | an [`Archive`](super::Archive) |
//! |---|---|---|---|
//! | [`Sink::stage`] | a worker's | writes the file under a temporary name | holds the bytes |
//! | [`Sink::keep`] | the caller's | – | writes the members |
//! | the rows are added to the manifest | the caller's | | |
//! | [`Sink::release`] | the caller's | syncs files and manifest, then gives the files their names | – |

use std::io;
use std::path::Path;

/// Takes the files of a batch. Workers wait while it works, so that a slow one bounds the memory, not the other way round: there are never more
/// staged files than those of the records in flight and of one group (about [`GROUP`] files).
///
/// A sink of your own hands each file to something else, such as a store of objects:
///
/// ```
/// use std::io;
/// use std::sync::Mutex;
/// use certpress::batch::Sink;
///
/// #[derive(Default)]
/// struct Store {
///     objects: Mutex<Vec<(String, Vec<u8>)>>, // a connection, a queue …
/// }
///
/// impl Sink for Store {
///     type Staged = (String, Vec<u8>);
///
///     // On the workers' threads, many at once: compress, upload under a name that nobody knows yet, or just hold the bytes.
///     fn stage(&self, name: &str, bytes: Vec<u8>) -> io::Result<Self::Staged> {
///         Ok((name.to_owned(), bytes))
///     }
///
///     // On one thread, in the order of the records. An error stops the batch, and it can be resumed: a group that was kept when the process
///     // was killed may then come again, with the same names.
///     fn keep(&self, group: &mut Vec<Self::Staged>) -> io::Result<()> {
///         self.objects.lock().map_err(|_| io::Error::other("poisoned"))?.append(group);
///         Ok(())
///     }
/// }
///
/// # use std::num::NonZeroUsize;
/// # use std::sync::{Arc, atomic::AtomicBool};
/// # use certpress::{Fonts, Layout, Record, RenderOptions};
/// # use certpress::batch::{Batch, Head, Journal, Lasting, Survey, name::NamePattern};
/// # let layout = r#"<layout xmlns="urn:certpress:layout:1" id="small" title="样例">
/// #   <fields><field name="number" label="编号" type="text" required="true"/></fields>
/// #   <page size="60x40mm"><text x="5mm" y="5mm" width="50mm" font="song" size="9pt">{{ number }}</text></page></layout>"#;
/// # let press = Layout::from_text("small.xml", layout)?.compile(&Arc::new(Fonts::open("fonts".as_ref())?))?;
/// # let records = vec![Record::new().with("number", "1"), Record::new().with("number", "2")];
/// # let folder = tempfile::tempdir()?;
/// let batch = Batch {
///     presses: &press,
///     options: &RenderOptions::default(),
///     names: &NamePattern::usual(["number"]),
///     shard: None,
///     sm3: false,
///     jobs: NonZeroUsize::MIN,
///     max_errors: None,
///     stop: &AtomicBool::new(false),
/// };
/// let store = Store::default();
/// let mut journal = Journal::begin(&folder.path().join("manifest.jsonl"), &Head::new(&press, 2), Lasting::Synced)?;
/// let sum = batch.run(Survey::default(), records.into_iter().map(Ok), &store, &mut journal, |_| {})?;
/// assert_eq!((sum.done, store.objects.lock().unwrap().len()), (2, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Sink: Sync {
    /// A file that was taken and is not kept yet. One that is dropped was never there.
    type Staged: Send;

    /// Takes a file. `name` has `/` between folders. Called by many workers at once, in no order.
    ///
    /// # Errors
    /// The file cannot be taken; the batch stops.
    fn stage(&self, name: &str, bytes: Vec<u8>) -> io::Result<Self::Staged>;

    /// Keeps the files of a group, before the manifest lists them.
    ///
    /// # Errors
    /// They cannot be kept; the batch stops.
    fn keep(&self, group: &mut Vec<Self::Staged>) -> io::Result<()>;

    /// Lets the files of a group be seen: the manifest lists them. The last group is empty; everything released before it is to last.
    ///
    /// # Errors
    /// They cannot be released, and none of them is; their rows are taken back, and the batch stops.
    fn release(&self, group: Vec<Self::Staged>) -> io::Result<()> {
        drop(group);
        Ok(())
    }

    /// Closes, with manifest and catalogue. Not called for a batch that was stopped before its end.
    ///
    /// # Errors
    /// What was written cannot be completed.
    fn close(&self, manifest: &Path, catalogue: &Path) -> io::Result<()> {
        let _ = (manifest, catalogue);
        Ok(())
    }

    /// How messages call a file.
    fn place(&self, name: &str) -> String {
        name.to_owned()
    }
}

/// About how many files are kept and listed at a time: one sync is for all of them.
pub const GROUP: usize = 64;
