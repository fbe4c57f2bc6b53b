//! The press: a compiled layout, and certificates out of it.
//!
//! In: a [`Program`] and, for each certificate, a [`Record`]. Out: a [`Certificate`], an OFD and a PDF of the same page.
//! Invariant: a `Press` never changes once made; all threads share one.
//!
//! [`Press::render`] is the one obvious call. Its steps are public, for those who measure or keep what lies between:
//! [`Press::bind`], [`Press::lay`], [`Press::write_ofd`], [`Press::write_pdf`], [`Press::seal`].

use std::cell::Cell;
use std::sync::Arc;

use crate::compile::expression::scope::Scope;
use crate::compile::program::Program;
use crate::compile::{self, Edition};
use crate::crypto::sm2::{Nonce, Signature, VerifyingKey};
use crate::crypto::sm3::{self, Digest};
use crate::diag::Diagnostic;
use crate::error::{PressError, RenderError};
use crate::geom::Size;
use crate::layout::{self, SealsToCome, Statics, Trace};
use crate::licence::pua;
use crate::mark::payload::PayloadSigner;
use crate::page::{Document, Master, SealArtwork, Timestamp};
use crate::record::{BindOptions, Entry, FieldWarning, ImageRoot, Record, Schema};
use crate::seal::{PdfProfile, SealError, SealOptions, Sealed, Sealer, Seals, Unsealed, seal_all_in_turn};
use crate::template::Layout;
use crate::text::Fonts;
use crate::{ofd, pdf};

/// A compiled layout, with seals if it has been given some. Immutable, `Send + Sync`; clones share everything.
#[derive(Clone)]
pub struct Press {
    compiled: Arc<Compiled>,
    seals: Option<Arc<Attached>>,
}

/// What the layout alone determines: one for all the seals that its certificates may bear.
struct Compiled {
    program: Program,
    master: Arc<Master>,
    statics: Statics,
    ofd: ofd::Base,
    pdf: pdf::Base,
}

/// Seals, and what they add to the static parts.
struct Attached {
    /// By role.
    sealers: Vec<Sealer>,
    /// Their true sizes.
    sizes: Vec<Size>,
    /// [`Compiled::pdf`] with their pictures.
    pdf: pdf::Base,
}

/// How certificates are rendered. The default: both formats, sealed at the present moment.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Write an OFD.
    pub ofd: bool,
    /// Write a PDF.
    pub pdf: bool,
    /// The time of making and sealing; `None` for now. Give it, with [`Nonce::Deterministic`], to get the same bytes again.
    pub time: Option<Timestamp>,
    /// How the seal's signature finds its nonce.
    pub nonce: Nonce,
    /// How the signature is packed into the PDF.
    pub pdf_profile: PdfProfile,
    /// The folder that image paths of records are relative to; without one, records may not name files.
    pub image_root: Option<ImageRoot>,
    /// What private code points in records stand for: the table that ships, or with the user's before it.
    pub pua: pua::Table,
}

impl Default for RenderOptions {
    fn default() -> RenderOptions {
        RenderOptions {
            ofd: true,
            pdf: true,
            time: None,
            nonce: Nonce::default(),
            pdf_profile: PdfProfile::default(),
            image_root: None,
            pua: pua::Table::default(),
        }
    }
}

/// One rendered certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    ofd: Option<Vec<u8>>,
    pdf: Option<Vec<u8>>,
    metadata: Vec<(String, String)>,
    warnings: Vec<FieldWarning>,
    time: Timestamp,
}

impl Certificate {
    /// The OFD package, if it was asked for.
    pub fn ofd(&self) -> Option<&[u8]> {
        self.ofd.as_deref()
    }

    /// The PDF, if it was asked for.
    pub fn pdf(&self) -> Option<&[u8]> {
        self.pdf.as_deref()
    }

    /// The OFD and the PDF themselves.
    pub fn into_files(self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        (self.ofd, self.pdf)
    }

    /// When it was made and sealed.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Its metadata by name (GB/T 36903), as both files and the attached record have them.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    /// What was changed in the record on the way, such as a normalised name.
    pub fn warnings(&self) -> &[FieldWarning] {
        &self.warnings
    }
}

impl Press {
    /// Sets the static content of `program` and prepares both writers.
    ///
    /// # Errors
    /// Static elements that cannot be set, with their place in the source.
    pub fn new(program: Program) -> Result<Press, PressError> {
        let (master, statics) = layout::lay_master(&program).map_err(PressError::Layout)?;
        let ofd = ofd::Base::new(&master)?;
        let pdf = pdf::Base::new(&master)?;
        Ok(Press { compiled: Arc::new(Compiled { program, master, statics, ofd, pdf }), seals: None })
    }

    /// The same press, sealing all it makes with `sealer`. What the layout determines is shared, not made again, so that a press for
    /// each of many issuers costs little.
    ///
    /// # Errors
    /// The layout has no place for a seal, or places for seals of several roles; the PDF cannot carry the seal's picture.
    pub fn with_seal(&self, sealer: Sealer) -> Result<Press, PressError> {
        let first = self.seal_roles().first().map_or("", String::as_str);
        self.with_seals(&Seals::new().with(first, sealer))
    }

    /// The same press, sealing all it makes with a seal for each role of the layout; those for other roles are left aside.
    ///
    /// # Errors
    /// The layout has no place for a seal, or one whose role has no seal; the PDF cannot carry a seal's picture.
    pub fn with_seals(&self, seals: &Seals) -> Result<Press, PressError> {
        let layout = || self.id().to_owned();
        if self.seal_roles().is_empty() {
            return Err(PressError::NoSealPlace { layout: layout() });
        }
        let of_role = |role: &String| {
            seals.get(role).cloned().ok_or_else(|| PressError::NoSeal {
                layout: layout(),
                role: role.clone(),
                given: seals.roles().map(str::to_owned).collect(),
            })
        };
        let sealers: Vec<Sealer> = self.seal_roles().iter().map(of_role).collect::<Result<_, _>>()?;
        let artworks: Vec<&SealArtwork> = sealers.iter().map(Sealer::artwork).collect();
        let sizes = artworks.iter().map(|artwork| artwork.size).collect();
        let pdf = self.compiled.pdf.with_seals(&artworks)?;
        let seals = Some(Arc::new(Attached { sealers, sizes, pdf }));
        Ok(Press { compiled: Arc::clone(&self.compiled), seals })
    }

    /// Whose seals the layout keeps places for, in the order of signing.
    pub fn seal_roles(&self) -> &[String] {
        &self.compiled.program.seal_roles
    }

    /// The pictures of the press's seals by role, as [`png::Options`](crate::png::Options) takes them; none if it has no seals.
    pub fn seal_artworks(&self) -> Vec<&SealArtwork> {
        self.seals.iter().flat_map(|seals| &seals.sealers).map(Sealer::artwork).collect()
    }

    /// The ids of the seals (esID) that its certificates bear, in the order of signing.
    pub fn seal_ids(&self) -> impl Iterator<Item = &str> {
        self.seals.iter().flat_map(|seals| &seals.sealers).map(|sealer| sealer.data().id.as_str())
    }

    /// The layout's id, such as `title-senior`.
    pub fn id(&self) -> &str {
        &self.compiled.program.id
    }

    /// The fields that records must have.
    pub fn schema(&self) -> &Schema {
        &self.compiled.program.schema
    }

    /// The names of the metadata that certificates have, in the layout's order.
    pub fn metadata_names(&self) -> impl Iterator<Item = &str> {
        self.compiled.program.metadata.iter().map(|(name, _)| name.as_str())
    }

    /// A JSON Schema of the record that certificates carry as an attachment.
    pub fn record_schema(&self) -> serde_json::Value {
        self.schema().of_record(self.metadata_names())
    }

    pub(crate) fn program(&self) -> &Program {
        &self.compiled.program
    }

    /// What the layout alone determines, each page once, without a record.
    pub fn bare(&self) -> Document {
        Document::of_master(&self.compiled.master)
    }

    /// How what is on the bare pages came there.
    pub fn bare_trace(&self) -> &Trace {
        self.compiled.statics.trace()
    }

    /// What the layout's author may want to look at.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.compiled.program.warnings
    }

    /// What the layout declares and never uses.
    pub fn unused(&self) -> &[Diagnostic] {
        &self.compiled.program.unused
    }

    /// The SHA-256 of the layout's source.
    pub(crate) fn layout_digest(&self) -> [u8; 32] {
        self.compiled.program.digest
    }

    /// The SHA-256 of the faces.
    pub(crate) fn fonts_digest(&self) -> [u8; 32] {
        self.compiled.program.fonts.digest()
    }

    /// Its seals with their roles.
    pub(crate) fn sealers(&self) -> impl Iterator<Item = (&str, &Sealer)> {
        let sealers = self.seals.iter().flat_map(|seals| &seals.sealers);
        self.seal_roles().iter().map(String::as_str).zip(sealers)
    }

    /// Whether its seals may seal at `time` ([`Sealer::check_validity`]); a press without seals may.
    ///
    /// # Errors
    /// One of them may not.
    pub fn check_seals(&self, time: Timestamp) -> Result<(), SealError> {
        self.seals.iter().flat_map(|seals| &seals.sealers).try_for_each(|sealer| sealer.check_validity(time))
    }

    /// What the layout itself says of every certificate under this name of its metadata; `None` where it leaves that to the record.
    pub(crate) fn fixed_metadata(&self, name: &str) -> Option<String> {
        let program = &self.compiled.program;
        let (_, content) = program.metadata.iter().find(|(n, _)| n == name)?;
        let text = Some(content).filter(|c| c.is_static())?.eval(&Scope::of_layout(program)).ok()?;
        Some(text.into_owned()).filter(|text| !text.is_empty())
    }

    /// Renders one record with the default options.
    ///
    /// # Errors
    /// What is wrong with the record, or what hindered the seal.
    pub fn render(&self, record: &Record) -> Result<Certificate, RenderError> {
        self.render_with(record, &RenderOptions::default())
    }

    /// Renders one record.
    ///
    /// # Errors
    /// What is wrong with the record, or what hindered the seal.
    pub fn render_with(&self, record: &Record, options: &RenderOptions) -> Result<Certificate, RenderError> {
        let mut rendered = self.render_all([record], options);
        rendered.pop().expect("there is an answer for each record")
    }

    /// Renders some records: the answers of [`Press::render_with`] to each, in their order, in less time. They are digested side by side
    /// and signed together, with one call to each signer. A dozen are enough; all are in memory together. One that fails hinders no other.
    pub fn render_all<'r>(
        &self,
        records: impl IntoIterator<Item = &'r Record>,
        options: &RenderOptions,
    ) -> Vec<Result<Certificate, RenderError>> {
        let time = options.time.unwrap_or_else(Timestamp::now);
        let entries: Vec<Result<Entry, RenderError>> =
            records.into_iter().map(|record| self.bind(record, options)).collect();
        sm3::fill(entries.iter().flatten().flat_map(Entry::wanted));
        let mut unsealed = Vec::with_capacity(entries.len());
        let written = entries.into_iter().map(|entry| {
            let (certificate, files) = self.write(&entry?, time, options)?;
            unsealed.push(files);
            Ok(certificate)
        });
        let written: Vec<Result<Certificate, RenderError>> = written.collect();
        let mut sealed = self.seal_all(unsealed, time, options).into_iter();
        let certificates = written.into_iter().map(|certificate| {
            let certificate = certificate?;
            let Sealed { ofd, pdf } = sealed.next().expect("there is an answer for each document")?;
            Ok(Certificate { ofd, pdf, ..certificate })
        });
        certificates.collect()
    }

    /// A certificate that lacks its files, and those before they are sealed.
    fn write(
        &self,
        entry: &Entry,
        time: Timestamp,
        options: &RenderOptions,
    ) -> Result<(Certificate, Unsealed), RenderError> {
        let document = self.lay(entry, time, options)?;
        let ofd = options.ofd.then(|| self.write_ofd(&document)).transpose()?;
        let pdf = options.pdf.then(|| self.write_pdf(&document)).transpose()?;
        let (metadata, warnings) = (document.info.custom, entry.warnings().to_vec());
        Ok((Certificate { ofd: None, pdf: None, metadata, warnings, time }, Unsealed { ofd, pdf }))
    }

    /// Step 1: the record's values, typed and checked.
    ///
    /// # Errors
    /// All fields that are missing or wrong.
    pub fn bind(&self, record: &Record, options: &RenderOptions) -> Result<Entry, RenderError> {
        let options = BindOptions { image_root: options.image_root.clone(), pua: options.pua.clone() };
        self.compiled.program.schema.bind(record, &options).map_err(RenderError::Fields)
    }

    /// Step 2: the pages. The seal signs the payloads of their QR marks.
    ///
    /// # Errors
    /// The first element that cannot be set.
    pub fn lay(
        &self,
        entry: &Entry,
        time: Timestamp,
        options: &RenderOptions,
    ) -> Result<Document, RenderError> {
        self.lay_by(entry, time, options, None)
    }

    /// Step 2 for those who judge the layout: the pages, and how what stands on them came there.
    ///
    /// # Errors
    /// As [`Press::lay`].
    pub fn trace(
        &self,
        entry: &Entry,
        time: Timestamp,
        options: &RenderOptions,
    ) -> Result<(Document, Trace), RenderError> {
        let mut trace = Trace::default();
        Ok((self.lay_by(entry, time, options, Some(&mut trace))?, trace))
    }

    fn lay_by(
        &self,
        entry: &Entry,
        time: Timestamp,
        options: &RenderOptions,
        trace: Option<&mut Trace>,
    ) -> Result<Document, RenderError> {
        let Compiled { program, master, statics, .. } = &*self.compiled;
        let (sizes, sealers) =
            self.seals.as_ref().map_or(Default::default(), |s| (&s.sizes[..], &s.sealers[..]));
        let options = SealOptions::at(time).with_nonce(options.nonce);
        let sealer = sealers.first().map(|sealer| PayloadSealer { sealer, options, failed: Cell::default() });
        let signer = sealer.as_ref().map(|signer| signer as &dyn PayloadSigner);
        // Where the signer failed, that is the error, and not of the layout.
        let failed = || sealer.as_ref().and_then(|sealer| sealer.failed.take());
        let seals = SealsToCome { signer, sizes };
        layout::lay_record(program, master, statics, entry, time, seals, trace)
            .map_err(|e| failed().map_or_else(|| RenderError::Layout(Box::new(e)), RenderError::Seal))
    }

    /// Step 3: the OFD, not yet sealed.
    ///
    /// # Errors
    /// Text that XML cannot carry.
    pub fn write_ofd(&self, document: &Document) -> Result<ofd::Unsealed, RenderError> {
        Ok(self.compiled.ofd.write(document)?)
    }

    /// Step 3: the PDF, not yet sealed.
    ///
    /// # Errors
    /// An image whose data turns out to be broken.
    pub fn write_pdf(&self, document: &Document) -> Result<pdf::Unsealed, RenderError> {
        let pdf = self.seals.as_ref().map_or(&self.compiled.pdf, |seals| &seals.pdf);
        Ok(pdf.write(document)?)
    }

    /// Step 4: the bytes, sealed if the press has seals; one call to each signer for both formats.
    ///
    /// # Errors
    /// A signer failed.
    pub fn seal(
        &self,
        ofd: Option<ofd::Unsealed>,
        pdf: Option<pdf::Unsealed>,
        time: Timestamp,
        options: &RenderOptions,
    ) -> Result<Sealed, RenderError> {
        let mut sealed = self.seal_all(vec![Unsealed { ofd, pdf }], time, options);
        sealed.pop().expect("there is an answer for each document")
    }

    /// Step 4 for documents of the same press and time: the answers of [`Press::seal`] to each, in their order.
    pub fn seal_all(
        &self,
        documents: Vec<Unsealed>,
        time: Timestamp,
        options: &RenderOptions,
    ) -> Vec<Result<Sealed, RenderError>> {
        let Some((first, further)) = self.seals.as_ref().and_then(|seals| seals.sealers.split_first()) else {
            let close = |Unsealed { ofd, pdf }| {
                let ofd = ofd.map(ofd::Unsealed::into_bytes).transpose()?;
                Ok(Sealed { ofd, pdf: pdf.map(pdf::Unsealed::into_bytes) })
            };
            return documents.into_iter().map(close).collect();
        };
        let options = SealOptions::at(time).with_nonce(options.nonce).with_pdf_profile(options.pdf_profile);
        let sealed = seal_all_in_turn(first, further, documents, &options).into_iter();
        sealed.map(|sealed| Ok(sealed?)).collect()
    }
}

/// A seal as the signer of payloads.
struct PayloadSealer<'a> {
    sealer: &'a Sealer,
    options: SealOptions,
    /// Why it gave no signature.
    failed: Cell<Option<SealError>>,
}

impl PayloadSigner for PayloadSealer<'_> {
    fn key(&self) -> &VerifyingKey {
        self.sealer.key()
    }

    fn sign(&self, e: &Digest) -> Result<Signature, String> {
        self.sealer.sign_digest(e, &self.options).map_err(|error| {
            let message = error.to_string();
            self.failed.set(Some(error));
            message
        })
    }
}

impl Layout {
    /// Compiles the layout's electronic edition, and sets what needs no record.
    ///
    /// # Errors
    /// All mistakes in the source, or all static elements that cannot be set.
    pub fn compile(self, fonts: &Arc<Fonts>) -> Result<Press, PressError> {
        self.compile_for(Edition::Electronic, fonts)
    }

    /// Compiles one edition of the layout, and sets what needs no record. The paper editions have no place for a seal.
    ///
    /// # Errors
    /// All mistakes in the source, or all static elements that cannot be set.
    pub fn compile_for(self, edition: Edition, fonts: &Arc<Fonts>) -> Result<Press, PressError> {
        Press::new(compile::compile(self, edition, fonts)?)
    }
}
