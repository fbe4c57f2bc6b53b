//! Files that are watched, by looking at them: no event is lost, however an editor saves and whatever the file system is.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How often to look.
pub(super) const LOOK: Duration = Duration::from_millis(20);

/// Files as they were: when written, and how long.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamps(Vec<(PathBuf, Option<(SystemTime, u64)>)>);

impl Stamps {
    pub(super) fn of(files: Vec<PathBuf>) -> Stamps {
        let stamp = |file: &PathBuf| {
            let metadata = fs::metadata(file).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        Stamps(
            files.into_iter().map(|file| (stamp(&file), file)).map(|(stamp, file)| (file, stamp)).collect(),
        )
    }

    fn files(&self) -> Vec<PathBuf> {
        self.0.iter().map(|(file, _)| file.clone()).collect()
    }
}

/// Files under watch.
pub(super) struct Watched(Stamps);

impl Watched {
    pub(super) fn new(files: Vec<PathBuf>) -> Watched {
        Watched(Stamps::of(files))
    }

    /// Whether any is not as it was at the last look.
    pub(super) fn is_stale(&self) -> bool {
        Stamps::of(self.0.files()) != self.0
    }

    /// Whether any has changed since the last look, and rests: who saves in two steps is not read between them.
    pub(super) fn has_changed(&mut self) -> bool {
        let mut now = Stamps::of(self.0.files());
        if now == self.0 {
            return false;
        }
        loop {
            std::thread::sleep(LOOK / 2);
            let later = Stamps::of(now.files());
            if later == now {
                self.0 = now;
                return true;
            }
            now = later;
        }
    }

    /// Waits until one changes.
    pub(super) fn wait(&mut self) {
        while !self.has_changed() {
            std::thread::sleep(LOOK);
        }
    }

    /// Watches `files` from now on. Those that were watched before keep their stamps, so that no save in between is missed.
    pub(super) fn look_at(&mut self, files: Vec<PathBuf>) {
        let mut next = Stamps::of(files);
        for (file, stamp) in &mut next.0 {
            if let Some((_, known)) = self.0.0.iter().find(|(known, _)| known == file) {
                *stamp = *known;
            }
        }
        self.0 = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_a_removal_and_a_new_file_are_changes() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        fs::write(&a, "1").unwrap();
        let mut watched = Watched::new(vec![a.clone(), b.clone()]);
        assert!(!watched.has_changed());
        fs::write(&a, "12").unwrap();
        assert!(watched.has_changed());
        assert!(!watched.has_changed());
        fs::write(&b, "1").unwrap();
        assert!(watched.has_changed());
        fs::remove_file(&a).unwrap();
        assert!(watched.has_changed());
        assert!(!watched.has_changed());
    }

    #[test]
    fn a_save_while_the_page_was_made_is_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        let a = folder.path().join("a");
        fs::write(&a, "1").unwrap();
        let mut watched = Watched::new(vec![a.clone()]);
        fs::write(&a, "12").unwrap();
        watched.look_at(vec![a]);
        assert!(watched.has_changed());
    }
}
