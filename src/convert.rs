//! Conversion: a sealed OFD as a PDF or as pictures, which have no equal force and say so on each page and in their metadata.
//!
//! In: the bytes of an original. Out: [`Original`], whose seal holds and covers it whole; from it a PDF/A or PNG pictures.
//! Invariant: what is shown is what was sealed: nothing is rendered of an original of which any rule about its signatures does not hold; whom to
//! trust, and whether a time is proven, is not asked. The seals' pictures become part of
//! the pages; no conversion is sealed.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::compile::{CONVERSION_NOTE, note_block, note_style};
use crate::crypto::{hex, sm3};
use crate::geom::{Rect, Size};
use crate::ofd::read::{self, Limits, Package, ReadError};
use crate::page::{
    Document, Image, ImageFlaw, ImageItem, ItemKind, Ref, Standing, Standings, Timestamp, bind,
};
use crate::pdf::{self, PdfError};
use crate::png::{self, PngError};
use crate::text::{self, Fonts, SubsetBuilder, TextError, TextSpan};
use crate::verify::{Finding, Policy, SealedBy, seals};

/// The metadata entries that name what was converted: digests of the original file.
const SOURCE_SM3: &str = "KZ_YJSM3";
const SOURCE_SHA256: &str = "KZ_YJSHA256";
/// The certificate's identifier (GB/T 36903).
const IDENTIFIER: &str = "ZZBS";

/// A sealed original, checked and read.
#[derive(Debug)]
pub struct Original {
    document: Document,
    /// What its pictures say of themselves.
    description: String,
}

/// Why an OFD is not converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// It cannot be read, or needs more than this program can show.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Nothing in it is sealed.
    #[error("the document is not sealed: only a sealed original is converted")]
    NotSealed,
    /// It is not as it was sealed, or not sealed as a whole: each signature's description and what is wrong.
    #[error("the document is not as it was sealed:{}", list(.0))]
    NotIntact(Vec<(String, Finding)>),
    /// A seal's picture that neither PDF nor PNG can show.
    #[error("the picture of the seal {seal}: {why}")]
    SealPicture {
        /// The seal's name.
        seal: String,
        /// What is wrong with it.
        why: ImageFlaw,
    },
    /// The faces that ship have none for the note.
    #[error("no face for the note on conversions")]
    NoFace,
    /// The note cannot be set on a page.
    #[error("the note on conversions: {0}")]
    Note(#[from] TextError),
    /// The PDF cannot be written.
    #[error("PDF: {0}")]
    Pdf(#[from] PdfError),
    /// A page has no picture.
    #[error("PNG: {0}")]
    Png(#[from] PngError),
}

impl ConvertError {
    /// Whether this is an answer about the document, and not a hindrance.
    pub fn is_refusal(&self) -> bool {
        matches!(self, ConvertError::NotSealed | ConvertError::NotIntact(_))
    }
}

fn list(faults: &[(String, Finding)]) -> String {
    faults.iter().map(|(signature, fault)| format!("\n  {signature}: {fault}")).collect()
}

impl Original {
    /// Checks the seals over `bytes` and reads its pages; `fonts` set the note.
    ///
    /// # Errors
    /// The OFD is malformed, not sealed, not as it was sealed, or asks for what this program cannot show.
    pub fn open(bytes: &[u8], limits: &Limits, fonts: &Fonts) -> Result<Original, ConvertError> {
        let package = Package::open(bytes, limits)?;
        let seals = seals(&package, &Policy::new(Timestamp::now()).with_limits(*limits))?;
        if seals.is_empty() {
            return Err(ConvertError::NotSealed);
        }
        let told = |seal: &SealedBy| {
            seal.doubts().map(|doubt| (seal.signature.part.clone(), doubt.clone())).collect::<Vec<_>>()
        };
        let faults: Vec<(String, Finding)> = seals.iter().flat_map(told).collect();
        if !faults.is_empty() {
            return Err(ConvertError::NotIntact(faults));
        }
        let mut document = read::document(&package)?;
        let sm3 = hex(&sm3::digest(bytes));
        let sha256 = hex(&Sha256::digest(bytes));
        let identifier = read::info(&package)?.custom(IDENTIFIER).unwrap_or_default().to_owned();

        paint_seals(&mut document, &seals)?;
        add_note(&mut document, fonts)?;
        let info = &mut document.info;
        // The file is another one than the original.
        sm3.get(..32).unwrap_or_default().clone_into(&mut info.id);
        let description =
            format!("{CONVERSION_NOTE}\n{} {identifier}\nSM3 {sm3}\nSHA-256 {sha256}", info.title);
        info.standings = Standings { ofd: Standing::Conversion, pdf: Standing::Conversion };
        info.custom.push((SOURCE_SM3.to_owned(), sm3));
        info.custom.push((SOURCE_SHA256.to_owned(), sha256));
        Ok(Original { document, description })
    }

    /// How many pages it has.
    pub fn page_count(&self) -> usize {
        self.document.pages.len()
    }

    /// All pages as a PDF/A.
    ///
    /// # Errors
    /// An image that PDF cannot carry.
    pub fn to_pdf(&self) -> Result<Vec<u8>, ConvertError> {
        let base = pdf::Base::new(&self.document.master)?;
        Ok(base.write(&self.document)?.into_bytes())
    }

    /// Page `index`, counted from 0, as a PNG.
    ///
    /// # Errors
    /// There is no such page, or no picture of it at this resolution.
    pub fn to_png(&self, index: usize, dpi: f64) -> Result<Vec<u8>, ConvertError> {
        let options = png::Options { dpi, ..png::Options::default() };
        Ok(png::page(&self.document, index, &options)?.to_png(&self.description)?)
    }
}

/// Each seal's picture over the page where its signature says.
fn paint_seals(document: &mut Document, seals: &[SealedBy]) -> Result<(), ConvertError> {
    document.pages.iter_mut().for_each(|page| page.seals.clear());
    for seal in seals {
        let Some(value) = seal.value.as_ref().filter(|_| !seal.signature.stamps.is_empty()) else { continue };
        let picture: Image = Image::read(value.seal.picture.data.as_slice())
            .map_err(|why| ConvertError::SealPicture { seal: value.seal.name.clone(), why })?;
        // At most one picture for each of a few dozen signatures.
        let image = Ref::Own(document.resources.images.len() as u16);
        document.resources.images.push(Arc::new(picture));
        for stamp in &seal.signature.stamps {
            let Some(page) = document.pages.get_mut(stamp.page) else { continue };
            let rect = stamp.boundary;
            let clip = stamp.clip.map(|c| Rect::new(rect.x + c.x, rect.y + c.y, c.width, c.height));
            page.conversion.push(ItemKind::Image(ImageItem { image, rect, clip }).into());
        }
    }
    Ok(())
}

/// The note at the foot of each page.
fn add_note(document: &mut Document, fonts: &Fonts) -> Result<(), ConvertError> {
    let style = note_style(fonts).ok_or(ConvertError::NoFace)?;
    let mut subsets: Vec<SubsetBuilder> = Vec::new();
    for page in &mut document.pages {
        let size = document.master.pages.get(page.master).map_or(Size::default(), |master| master.size);
        let (origin, block) = note_block(size);
        let span = TextSpan { text: CONVERSION_NOTE, style, tag: None };
        for run in text::set(fonts, &[span], &block)?.runs {
            page.conversion.push(ItemKind::Glyphs(bind(run, origin, &mut subsets, Ref::Own)).into());
        }
    }
    document.resources.fonts = subsets.iter().map(|subset| subset.build(fonts)).collect();
    Ok(())
}
