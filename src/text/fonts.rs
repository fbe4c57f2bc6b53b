//! The register of faces: names and aliases, and who stands in for whom.
//!
//! In: folders with a `faces.toml` and the files it names. Out: [`Fonts`], immutable once the folders are added and shared by
//! all threads.
//! Invariant: every [`FaceId`] that a `Fonts` hands out is an index into it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::face::{Face, FaceProblem, Registered};

/// A register is a page of text; a bigger file is something else.
const REGISTER_LIMIT: u64 = 1 << 20;

/// One face of a [`Fonts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(u16);

/// The faces layouts may name.
#[derive(Debug)]
pub struct Fonts {
    faces: Vec<Face>,
    names: BTreeMap<String, FaceId>,
    chain: Vec<FaceId>,
}

impl Fonts {
    /// Opens the faces of the folder `dir`, as its `faces.toml` registers them.
    ///
    /// # Errors
    /// If the register or a face it names cannot be read, or a name stands there twice.
    pub fn open(dir: &Path) -> Result<Fonts, FontError> {
        let mut fonts = Fonts { faces: Vec::new(), names: BTreeMap::new(), chain: Vec::new() };
        fonts.add(dir)?;
        Ok(fonts)
    }

    /// Adds the faces of another folder. Its names win over those registered before, so that a house's own 仿宋 takes the
    /// place of an alias; its faces come last in the fallback chain: those its register lists, or all if it lists none.
    ///
    /// # Errors
    /// As [`Fonts::open`]; nothing has been added then.
    pub fn add(&mut self, dir: &Path) -> Result<(), FontError> {
        let path = dir.join("faces.toml");
        let register = read_register(&path)?;
        let fail = |message: String| FontError::Register { path: path.clone(), message };
        if register.face.is_empty() {
            return Err(fail("the register names no face".to_owned()));
        }
        let mut faces = Vec::new();
        let mut names: BTreeMap<String, FaceId> = BTreeMap::new();
        for entry in register.face {
            let id = u16::try_from(self.faces.len() + faces.len())
                .map(FaceId)
                .map_err(|_| fail("more than 65,536 faces".to_owned()))?;
            for name in std::iter::once(&entry.name).chain(&entry.aliases) {
                if names.insert(name.clone(), id).is_some() {
                    return Err(fail(format!("two faces go by the name {name}")));
                }
            }
            if !entry.file.components().all(|c| matches!(c, Component::Normal(_))) {
                return Err(fail(format!("a face's file must lie in the folder: {}", entry.file.display())));
            }
            let file = dir.join(&entry.file);
            let registered = Registered {
                label: entry.label.unwrap_or_else(|| entry.name.clone()),
                name: entry.name,
                weight: entry.weight,
                serif: entry.serif,
                sha256: entry.sha256,
            };
            faces.push(
                Face::open(&file, registered).map_err(|problem| FontError::Face { path: file, problem })?,
            );
        }
        let find = |name: &String| {
            let known = names.get(name).or_else(|| self.names.get(name));
            known.copied().ok_or_else(|| fail(format!("the fallback chain names no face: {name}")))
        };
        let chain: Vec<FaceId> = match &register.fallback {
            Some(fallback) => fallback.chain.iter().map(find).collect::<Result<_, _>>()?,
            None => (self.faces.len()..self.faces.len() + faces.len()).map(|i| FaceId(i as u16)).collect(),
        };
        for id in chain {
            if !self.chain.contains(&id) {
                self.chain.push(id);
            }
        }
        self.faces.append(&mut faces);
        self.names.append(&mut names);
        Ok(())
    }

    /// The face that goes by `name`, or by it as an alias.
    pub fn find(&self, name: &str) -> Option<FaceId> {
        self.names.get(name).copied()
    }

    /// All names and aliases, in the order of their characters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// All faces, in the order in which they were registered.
    pub fn ids(&self) -> impl Iterator<Item = FaceId> {
        (0..self.faces.len()).map(|i| FaceId(i as u16))
    }

    /// The names by which `id` goes, in the order of their characters.
    pub fn names_of(&self, id: FaceId) -> impl Iterator<Item = &str> {
        self.names.iter().filter(move |(_, named)| **named == id).map(|(name, _)| name.as_str())
    }

    /// The faces that stand in for others, in the order in which they are asked.
    pub fn chain(&self) -> &[FaceId] {
        &self.chain
    }

    /// The face behind `id`, which must come from this register.
    pub fn face(&self, id: FaceId) -> &Face {
        &self.faces[usize::from(id.0)]
    }

    /// The SHA-256 of all names, of the fallback chain, and of what each face's file says of itself ([`Face::digest`]).
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for (name, id) in &self.names {
            digest.update(name);
            digest.update([0]);
            digest.update(id.0.to_be_bytes());
        }
        self.chain.iter().for_each(|id| digest.update(id.0.to_be_bytes()));
        self.faces.iter().for_each(|face| face.digest(&mut digest));
        digest.finalize().into()
    }

    /// The faces asked for a character, in order: `preferred`, then the chain.
    pub(crate) fn candidates(&self, preferred: FaceId) -> impl Iterator<Item = FaceId> {
        let rest = self.chain.iter().copied().filter(move |&id| id != preferred);
        std::iter::once(preferred).chain(rest)
    }

    /// The face that shows `c` where `preferred` is asked for: itself, or else the first of the chain that has it.
    pub fn fallback(&self, preferred: FaceId, c: char) -> Option<FaceId> {
        self.candidates(preferred).find(|&id| self.face(id).covers(c))
    }
}

/// Why a folder's faces cannot be used.
#[derive(Debug, Error)]
pub enum FontError {
    /// `faces.toml` is missing, unreadable or says something impossible.
    #[error("{}: {message}", path.display())]
    Register {
        /// The register.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A face's file is missing, or is not TrueType.
    #[error("the face {} {problem}", path.display())]
    Face {
        /// The face's file.
        path: PathBuf,
        /// What is wrong.
        problem: FaceProblem,
    },
}

/// `faces.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    face: Vec<Entry>,
    fallback: Option<Fallback>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    file: PathBuf,
    label: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default = "regular")]
    weight: u16,
    #[serde(default)]
    serif: bool,
    sha256: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fallback {
    chain: Vec<String>,
}

/// OS/2 usWeightClass of a regular face.
const fn regular() -> u16 {
    400
}

fn read_register(path: &Path) -> Result<Register, FontError> {
    let fail = |message: String| FontError::Register { path: path.to_owned(), message };
    let size = fs::metadata(path).map_err(|e| fail(e.to_string()))?.len();
    if size > REGISTER_LIMIT {
        return Err(fail(format!("a register has at most {REGISTER_LIMIT} bytes, not {size}")));
    }
    let text = fs::read_to_string(path).map_err(|e| fail(e.to_string()))?;
    toml::from_str(&text).map_err(|e| fail(e.to_string().trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts");

    /// A folder with this register and a copy of nothing but a small file that is no face.
    fn folder(register: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("faces.toml"), register).unwrap();
        fs::write(dir.path().join("text.ttf"), "not a face").unwrap();
        dir
    }

    fn refusal(register: &str) -> String {
        let dir = folder(register);
        let message = Fonts::open(dir.path()).unwrap_err().to_string();
        message.replace(&format!("{}/", dir.path().display()), "")
    }

    #[test]
    fn names_aliases_and_chain_of_the_faces_that_ship() {
        let fonts = Fonts::open(Path::new(SHIPPED)).unwrap();
        assert_eq!(fonts.find("宋体"), fonts.find("song"));
        assert_eq!(fonts.find("comic"), None);
        let (kai, rare) = (fonts.find("kai").unwrap(), fonts.find("rare"));
        assert_eq!(fonts.fallback(kai, '书'), Some(kai));
        assert_eq!(fonts.fallback(kai, '\u{2ceb1}'), rare);
        assert_eq!(fonts.fallback(kai, '\u{10ffff}'), None);
    }

    #[test]
    fn a_folder_added_later_takes_a_name_over_and_stands_last_in_the_chain() {
        let mut fonts = Fonts::open(Path::new(SHIPPED)).unwrap();
        let before = (fonts.find("仿宋").unwrap(), fonts.chain.len());
        let dir = folder("[[face]]\nname = \"仿宋\"\nfile = \"mine.ttf\"\n");
        fs::copy(Path::new(SHIPPED).join("NotoSansSC-Regular.ttf"), dir.path().join("mine.ttf")).unwrap();
        fonts.add(dir.path()).unwrap();
        let after = fonts.find("仿宋").unwrap();
        assert_ne!(after, before.0);
        assert_eq!((fonts.chain.len(), fonts.chain.last()), (before.1 + 1, Some(&after)));
        assert_eq!(fonts.face(fonts.find("fangsong").unwrap()).name(), "song");
    }

    #[test]
    fn a_register_that_cannot_be_meant_is_refused_with_the_reason() {
        let face = |name: &str, file: &str| format!("[[face]]\nname = \"{name}\"\nfile = \"{file}\"\n");
        let cases = [
            (face("a", "text.ttf"), "the face text.ttf is not an OpenType file"),
            (face("a", "none.ttf"), "the face none.ttf cannot be read: "),
            (face("a", "../a.ttf"), "faces.toml: a face's file must lie in the folder: ../a.ttf"),
            (face("a", "/etc/a.ttf"), "faces.toml: a face's file must lie in the folder: /etc/a.ttf"),
            (face("a", "text.ttf") + "colour = 1\n", "unknown field `colour`"),
            ("face = []".into(), "faces.toml: the register names no face"),
            (format!("{}aliases = [\"a\"]", face("a", "text.ttf")), "faces.toml: two faces go by the name a"),
            (" ".repeat(REGISTER_LIMIT as usize + 1), "a register has at most 1048576 bytes"),
        ];
        for (register, reason) in cases {
            let refusal = refusal(&register);
            assert!(refusal.contains(reason), "{reason}: {refusal}");
        }
    }

    #[test]
    fn a_fallback_chain_of_unknown_names_is_refused() {
        let dir =
            folder("[[face]]\nname = \"mine\"\nfile = \"mine.ttf\"\n[fallback]\nchain = [\"mine\", \"x\"]\n");
        fs::copy(Path::new(SHIPPED).join("NotoSansSC-Regular.ttf"), dir.path().join("mine.ttf")).unwrap();
        let refusal = Fonts::open(dir.path()).unwrap_err().to_string();
        assert!(refusal.ends_with("faces.toml: the fallback chain names no face: x"), "{refusal}");
    }

    #[test]
    fn a_face_cut_short_anywhere_is_refused_or_still_safe_to_use() {
        let whole = fs::read(Path::new(SHIPPED).join("NotoSansSC-Regular.ttf")).unwrap();
        for length in [0, 11, 12, 200, 5_000, whole.len() / 3, whole.len() / 2, whole.len() - 100] {
            let dir = folder("[[face]]\nname = \"cut\"\nfile = \"cut.ttf\"\n");
            fs::write(dir.path().join("cut.ttf"), &whole[..length]).unwrap();
            let Ok(fonts) = Fonts::open(dir.path()) else { continue };
            let id = fonts.find("cut").unwrap();
            let mut subset = crate::text::SubsetBuilder::new(id);
            for glyph in 1..2_000 {
                subset.add(glyph, "x");
                let _ = fonts.face(id).outline(glyph, crate::unit::Length::pt(10.0));
            }
            let _ = subset.build(&fonts);
        }
    }
}
