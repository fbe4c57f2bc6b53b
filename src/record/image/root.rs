//! The one folder that records may take images, and files of rows, from.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::ImageError;
use crate::page::Image;

/// A folder, its path free of links, that paths in records are relative to. Clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRoot(Arc<Path>);

impl ImageRoot {
    /// The folder `dir`, which must exist.
    pub fn open(dir: impl AsRef<Path>) -> io::Result<ImageRoot> {
        let path = fs::canonicalize(dir)?;
        if !path.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(ImageRoot(path.into()))
    }

    /// Opens and checks the image at `relative`, in which `/` and `\` both part folders.
    pub fn load(&self, relative: &str, max_bytes: usize) -> Result<Image, ImageError> {
        let path = self.locate(relative)?;
        let mut data = Vec::new();
        let limit = max_bytes as u64 + 1;
        File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut data)).map_err(unreadable)?;
        if data.len() > max_bytes {
            return Err(ImageError::Bytes { max: max_bytes });
        }
        Ok(Image::read(data)?)
    }

    /// The path of the file at `relative`.
    pub(in crate::record) fn locate(&self, relative: &str) -> Result<PathBuf, ImageError> {
        let path = self.resolve(relative)?;
        // A file of another kind (a pipe, a device) might never end, or never begin.
        let is_file = fs::metadata(&path).map_err(unreadable)?.is_file();
        if is_file { Ok(path) } else { Err(ImageError::Unreadable("not a file".to_owned())) }
    }

    /// The path without links; it lies under the root.
    fn resolve(&self, relative: &str) -> Result<PathBuf, ImageError> {
        let relative = relative.replace('\\', "/");
        let relative = Path::new(&relative);
        if !relative.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir)) {
            return Err(ImageError::Outside);
        }
        let path = fs::canonicalize(self.0.join(relative)).map_err(unreadable)?;
        if path.starts_with(&self.0) { Ok(path) } else { Err(ImageError::Outside) }
    }
}

fn unreadable(error: io::Error) -> ImageError {
    match error.kind() {
        io::ErrorKind::NotFound => ImageError::Missing,
        kind => ImageError::Unreadable(kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root_with_png() -> (tempfile::TempDir, ImageRoot) {
        let dir = tempfile::tempdir().unwrap();
        let images = dir.path().join("images");
        fs::create_dir_all(images.join("a")).unwrap();
        for path in [images.join("a/1.png"), dir.path().join("secret.png")] {
            let file = File::create(path).unwrap();
            let mut encoder = png::Encoder::new(file, 1, 1);
            encoder.set_color(png::ColorType::Grayscale);
            encoder.write_header().unwrap().write_image_data(&[0]).unwrap();
        }
        let root = ImageRoot::open(images).unwrap();
        (dir, root)
    }

    #[test]
    fn a_file_under_the_root_opens_with_either_slash() {
        let (_dir, root) = root_with_png();
        for path in ["a/1.png", r"a\1.png", "./a/1.png"] {
            assert_eq!(root.load(path, 1000).map(|i| i.width), Ok(1), "{path}");
        }
    }

    #[test]
    fn no_way_leads_out_of_the_root() {
        let (dir, root) = root_with_png();
        let absolute = dir.path().join("secret.png");
        for path in ["../secret.png", "a/../../secret.png", r"..\secret.png", absolute.to_str().unwrap()] {
            assert_eq!(root.load(path, 1000), Err(ImageError::Outside), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_may_point_within_the_root_but_not_out_of_it() {
        let (dir, root) = root_with_png();
        std::os::unix::fs::symlink(dir.path().join("secret.png"), root.0.join("out.png")).unwrap();
        std::os::unix::fs::symlink("a/1.png", root.0.join("in.png")).unwrap();
        assert_eq!(root.load("out.png", 1000), Err(ImageError::Outside));
        assert!(root.load("in.png", 1000).is_ok());
    }

    #[test]
    fn missing_files_folders_and_long_files_are_told_apart() {
        let (_dir, root) = root_with_png();
        assert_eq!(root.load("a/2.png", 1000), Err(ImageError::Missing));
        assert_eq!(root.load("a", 1000), Err(ImageError::Unreadable("not a file".into())));
        assert_eq!(root.load("a/1.png", 20), Err(ImageError::Bytes { max: 20 }));
        assert!(matches!(root.load("a\0b", 1000), Err(ImageError::Unreadable(_))));
    }
}
