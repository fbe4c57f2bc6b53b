//! A face: one TrueType file, mapped into memory and parsed once.
//!
//! In: a path and what the register says of it. Out: coverage, advances, outlines, and the parsed tables for shaping and
//! subsetting (OpenType 1.9: cmap, glyf, hmtx, OS/2, name).
//! Invariant: a [`Face`] has TrueType outlines and all tables a subset needs; anything else is refused when it is opened.

use std::fs::File;
use std::path::Path as FilePath;

use memmap2::Mmap;
use self_cell::self_cell;
use sha2::Digest;
use ttf_parser::{GlyphId, OutlineBuilder, name_id};

use super::charmap::CharacterMap;
use super::shape::{Plans, ScriptClass};
use super::subset::{FontMetrics, TableProblem, Tables};
use crate::geom::{Path, Point, Segment};
use crate::unit::Length;

self_cell!(
    /// The mapped file and what was parsed from it.
    struct MappedFace {
        owner: Mmap,
        #[covariant]
        dependent: Parsed,
    }
);

/// The parsed tables, all borrowing from the map.
struct Parsed<'a> {
    shaper: rustybuzz::Face<'a>,
    tables: Tables<'a>,
}

/// What the register says about a face beyond its file.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) weight: u16,
    pub(crate) serif: bool,
    pub(crate) sha256: Option<String>,
}

/// A face ready for shaping and subsetting; shared by all threads.
pub struct Face {
    registered: Registered,
    mapped: MappedFace,
    postscript_name: String,
    family: String,
    metrics: FontMetrics,
    plans: Plans,
    characters: CharacterMap,
}

impl Face {
    /// Maps and parses `path`.
    pub(crate) fn open(path: &FilePath, registered: Registered) -> Result<Face, FaceProblem> {
        let map = map_file(path).map_err(FaceProblem::Read)?;
        let mapped = MappedFace::try_new(map, |map| {
            let raw = ttf_parser::RawFace::parse(map, 0).map_err(|_| FaceProblem::NotOpenType)?;
            let tables = Tables::read(&raw)?;
            let shaper = rustybuzz::Face::from_slice(map, 0).ok_or(FaceProblem::NotOpenType)?;
            Ok::<_, FaceProblem>(Parsed { shaper, tables })
        })?;
        let ttf: &ttf_parser::Face<'_> = &mapped.borrow_dependent().shaper;
        let postscript_name = postscript_name(ttf).ok_or(FaceProblem::Nameless)?;
        let family = english_name(ttf, name_id::FAMILY).unwrap_or_else(|| postscript_name.clone());
        let metrics = metrics(ttf, &registered);
        Ok(Face {
            registered,
            postscript_name,
            family,
            metrics,
            plans: Plans::default(),
            characters: CharacterMap::new(),
            mapped,
        })
    }

    /// Feeds `digest` with what tells this face from another: its register entry, the length of its file, and the file's directory with the
    /// checksum of each table (OpenType 1.9, "Table directory"). So no face is read whole for it.
    pub(crate) fn digest(&self, digest: &mut impl Digest) {
        let Registered { name, label, weight, serif, sha256: _ } = &self.registered;
        for word in [name, label] {
            digest.update(word);
            digest.update([0]);
        }
        digest.update(weight.to_be_bytes());
        digest.update([u8::from(*serif)]);
        let file = self.mapped.borrow_owner();
        digest.update((file.len() as u64).to_be_bytes());
        let tables = file.get(4..6).map_or(0, |n| usize::from(u16::from_be_bytes([n[0], n[1]])));
        digest.update(file.get(..12 + 16 * tables).unwrap_or(file));
    }

    /// The name layouts use.
    pub fn name(&self) -> &str {
        &self.registered.name
    }

    /// The name people know it by.
    pub fn label(&self) -> &str {
        &self.registered.label
    }

    /// The PostScript name of the file (name id 6).
    pub fn postscript_name(&self) -> &str {
        &self.postscript_name
    }

    /// The family name of the file (name id 1).
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The SHA-256 of the file as the register states it; opening does not read the whole file to check it.
    pub fn sha256(&self) -> Option<&str> {
        self.registered.sha256.as_deref()
    }

    /// In font units.
    pub fn metrics(&self) -> FontMetrics {
        self.metrics
    }

    /// Whether it has a glyph for `c`.
    pub fn covers(&self, c: char) -> bool {
        self.glyph(c).is_some()
    }

    /// The glyph that the character map gives for `c`.
    pub fn glyph(&self, c: char) -> Option<u16> {
        Some(self.characters.glyph(self.shaper(), c)).filter(|&g| g != 0)
    }

    /// The glyph for `c`, if shaping gives it wherever its neighbours are plain too.
    pub(crate) fn plain(&self, c: char) -> Option<u16> {
        self.characters.plain(self.shaper(), c)
    }

    /// The glyph for `c` with the variation selector `selector`, if the face knows the sequence.
    pub(crate) fn variant(&self, c: char, selector: char) -> Option<u16> {
        self.shaper().glyph_variation_index(c, selector).map(|g| g.0).filter(|&g| g != 0)
    }

    /// How far glyph `id` moves the pen, in font units.
    pub fn advance(&self, id: u16) -> u16 {
        self.tables().advance(id)
    }

    /// The outline of glyph `id` at the given em: y downwards, the pen at the origin; empty for a blank glyph.
    pub fn outline(&self, id: u16, em: Length) -> Path {
        let mut drawing =
            Drawing { path: Path::default(), em, per_em: self.metrics.units_per_em, pen: (0.0, 0.0) };
        // None means a glyph without contours, such as a space.
        let _ = self.shaper().outline_glyph(GlyphId(id), &mut drawing);
        drawing.path
    }

    pub(crate) fn shaper(&self) -> &rustybuzz::Face<'_> {
        &self.mapped.borrow_dependent().shaper
    }

    pub(crate) fn tables(&self) -> &Tables<'_> {
        &self.mapped.borrow_dependent().tables
    }

    /// The shaping plan of a script, made when it is first asked for.
    pub(crate) fn plan(&self, script: ScriptClass) -> Option<&rustybuzz::ShapePlan> {
        self.plans.get(script, self.shaper())
    }
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Face({} = {})", self.registered.name, self.postscript_name)
    }
}

/// Why a file is not a face we can use; completes "the face FILE ...".
#[derive(Debug, thiserror::Error)]
pub enum FaceProblem {
    /// Missing or not readable.
    #[error("cannot be read: {0}")]
    Read(std::io::Error),
    /// The table directory makes no sense.
    #[error("is not an OpenType file")]
    NotOpenType,
    /// A table is missing or damaged.
    #[error("{0}")]
    Table(#[from] TableProblem),
    /// No name to embed it under.
    #[error("has no PostScript name (name id 6)")]
    Nameless,
}

/// Maps a file; faces have tens of megabytes of which a batch touches a few hundred kilobytes.
fn map_file(path: &FilePath) -> std::io::Result<Mmap> {
    let file = File::open(path)?;
    #[expect(
        unsafe_code,
        reason = "A map is sound while nobody truncates or rewrites the file under it. Faces are installed files, opened read-only \
                  and replaced, if at all, by renaming a new file over the old one, which leaves this map intact. Every offset \
                  read from the map is checked against its slice, so even changed bytes could only draw wrong glyphs."
    )]
    // SAFETY: see the reason above; the map is private to this face and never written.
    unsafe {
        Mmap::map(&file)
    }
}

/// The PostScript name, held to the characters PDF and the name table allow in one.
fn postscript_name(ttf: &ttf_parser::Face<'_>) -> Option<String> {
    // 63 characters are allowed, and a subset's tag takes seven.
    const MAX_NAME: usize = 56;
    let name = english_name(ttf, name_id::POST_SCRIPT_NAME)?;
    let clean: String =
        name.chars().filter(|c| c.is_ascii_graphic() && !"[](){}<>/%+".contains(*c)).take(MAX_NAME).collect();
    (!clean.is_empty()).then_some(clean)
}

/// The Windows US English entry of a name, or else the first that can be decoded.
fn english_name(ttf: &ttf_parser::Face<'_>, id: u16) -> Option<String> {
    const US_ENGLISH: u16 = 0x0409;
    let entries = || ttf.names().into_iter().filter(|n| n.name_id == id);
    entries().filter(|n| n.language_id == US_ENGLISH).chain(entries()).find_map(|n| n.to_string())
}

fn metrics(ttf: &ttf_parser::Face<'_>, registered: &Registered) -> FontMetrics {
    let bbox = ttf.global_bounding_box();
    // OS/2 before version 2 has no cap height: measure the H, then fall back on 0.7 em.
    let cap_height = ttf
        .capital_height()
        .filter(|&h| h > 0)
        .or_else(|| ttf.glyph_index('H').and_then(|h| ttf.glyph_bounding_box(h)).map(|b| b.y_max))
        .unwrap_or((i32::from(ttf.units_per_em()) * 7 / 10) as i16);
    FontMetrics {
        units_per_em: ttf.units_per_em(),
        ascent: ttf.ascender(),
        descent: ttf.descender(),
        cap_height,
        bbox: [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max],
        serif: registered.serif,
        weight: registered.weight,
    }
}

/// Turns TrueType's quadratic curves into our cubic ones, and font units into page units.
struct Drawing {
    path: Path,
    em: Length,
    per_em: u16,
    pen: (f32, f32),
}

impl Drawing {
    fn point(&self, x: f32, y: f32) -> Point {
        let scale = |v: f32| self.em.scale(f64::from(v) / f64::from(self.per_em));
        Point::new(scale(x), -scale(y))
    }
}

impl OutlineBuilder for Drawing {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.segments.push(Segment::Move(self.point(x, y)));
        self.pen = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.segments.push(Segment::Line(self.point(x, y)));
        self.pen = (x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        // Degree elevation: the cubic's control points lie two thirds of the way to the quadratic's.
        let third = |from: f32, to: f32| from + (to - from) * (2.0 / 3.0);
        let (px, py) = self.pen;
        self.curve_to(third(px, cx), third(py, cy), third(x, cx), third(y, cy), x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let cubic = Segment::Cubic(self.point(ax, ay), self.point(bx, by), self.point(x, y));
        self.path.segments.push(cubic);
        self.pen = (x, y);
    }

    fn close(&mut self) {
        self.path.segments.push(Segment::Close);
    }
}
