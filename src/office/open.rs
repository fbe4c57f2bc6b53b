//! Opening an office: everything is checked before the first record comes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{Desk, Office, Presses as _, Unsealed};
use crate::compile::Edition;
use crate::diag::nearest;
use crate::error::PressError;
use crate::licence::catalogue::{Catalogue, CatalogueError, CertificateKind, Fault, Issuer};
use crate::licence::serial::Serials;
use crate::page::Timestamp;
use crate::seal::{Seals, read_certificate};
use crate::{Fonts, Layout, Press, Sealer};

/// The largest catalogue.
const MAX_BYTES: u64 = 4 << 20;
/// The seal that needs no folder.
const DEMO: &str = "demo";
/// The metadata that names a certificate's type (证照类型代码, GB/T 36903).
const TYPE_CODE: &str = "ZZLXDM";

/// Why an office does not open.
#[derive(Debug, Error)]
pub enum OfficeError {
    /// The catalogue's file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What is wrong with it or with the files it names, all of it.
    #[error("{}: {source}", path.display())]
    Catalogue {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        source: CatalogueError,
    },
}

impl Office {
    /// Opens the catalogue at `path`: compiles its layouts, opens its seals and finds them valid at `time`. `password` gives the password
    /// of an issuer's seal.
    ///
    /// # Errors
    /// All that is wrong with the catalogue and the files it names.
    pub fn open(
        path: &Path,
        fonts: &Arc<Fonts>,
        time: Timestamp,
        password: impl Fn(&Issuer) -> Option<String> + Sync,
    ) -> Result<Office, OfficeError> {
        Office::open_for(Edition::Electronic, path, fonts, time, password)
    }

    /// The same for one edition of its layouts. One for paper opens no seal and needs none; it numbers certificates all the same,
    /// but reissues none, for want of the seals that originals bear.
    ///
    /// # Errors
    /// All that is wrong with the catalogue and the files it names.
    pub fn open_for(
        edition: Edition,
        path: &Path,
        fonts: &Arc<Fonts>,
        time: Timestamp,
        password: impl Fn(&Issuer) -> Option<String> + Sync,
    ) -> Result<Office, OfficeError> {
        let wrong = |source| OfficeError::Catalogue { path: path.to_owned(), source };
        let text = read(path).map_err(|source| OfficeError::Read { path: path.to_owned(), source })?;
        let catalogue = Catalogue::parse(&text).map_err(wrong)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut faults = Vec::new();

        let compiled: Vec<Result<Press, Fault>> = catalogue
            .certificates
            .par_iter()
            .map(|certificate| compile(certificate, folder, edition, fonts))
            .collect();
        let presses = kept(compiled, &mut faults);
        let open_seals = |issuer| match edition.is_paper() {
            true => Ok(Default::default()),
            false => seals(issuer, folder, time, &password),
        };
        let sealers = kept(catalogue.issuers.par_iter().map(open_seals).collect(), &mut faults);
        let read_earlier = |issuer| match edition.is_paper() {
            true => Ok(Vec::new()),
            false => earlier(issuer, folder),
        };
        let earlier = kept(catalogue.issuers.iter().map(read_earlier).collect(), &mut faults);
        let serials = kept(count(&catalogue, folder), &mut faults);
        if !faults.is_empty() {
            return Err(wrong(CatalogueError::Faults(faults)));
        }

        let desks: Vec<Desk> = sealers
            .into_iter()
            .zip(earlier)
            .zip(serials)
            .map(|(((sealer, other_seals), earlier), serials)| Desk { sealer, other_seals, earlier, serials })
            .collect();
        let pairs = (0..presses.len() * desks.len()).map(|_| OnceLock::new()).collect();
        let office =
            Office { catalogue, digest: Sha256::digest(&text).into(), edition, presses, desks, pairs };
        let faults = office.faults();
        if faults.is_empty() { Ok(office) } else { Err(wrong(CatalogueError::Faults(faults))) }
    }

    /// What is wrong between entries and what they name.
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let fields = self.field_names();
        for (certificate, press) in self.catalogue.certificates.iter().zip(&self.presses) {
            let names = certificate.when.iter().flat_map(|when| when.names());
            for name in names.filter(|name| !fields.contains(&name.as_str())) {
                let near = nearest(name, fields.iter().copied()).map(|near| format!("did you mean {near}?"));
                let message = format!("its condition names a field that no layout has: {name}");
                faults.push(Fault::new(certificate_entry(certificate), message, near.unwrap_or_default()));
            }
            if let Some(code) = press.fixed_metadata(TYPE_CODE).filter(|code| *code != certificate.type_code)
            {
                let message =
                    format!("its layout's metadata {TYPE_CODE} names another type than type_code: {code}");
                faults.push(Fault::new(certificate_entry(certificate), message, "make the two agree"));
            }
        }
        faults.extend(self.seal_faults());
        faults
    }

    /// Each layout has a place for a seal, and each seal can be placed: tried once for each, not for each pair.
    fn seal_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut tried = (vec![false; self.presses.len()], vec![false; self.desks.len()]);
        for (c, certificate) in self.catalogue.certificates.iter().enumerate() {
            for (i, issuer) in self.catalogue.issuers.iter().enumerate() {
                if (tried.0[c] && tried.1[i]) || !issuer.may(&certificate.kind, false) {
                    continue;
                }
                if let Err(Unsealed::Press(e)) = self.press(c, i) {
                    faults.push(Fault::new(certificate_entry(certificate), e.to_string(), ""));
                }
                (tried.0[c], tried.1[i]) = (true, true);
            }
        }
        faults
    }
}

fn certificate_entry(certificate: &CertificateKind) -> String {
    format!("certificate {}", certificate.kind)
}

fn issuer_entry(issuer: &Issuer) -> String {
    format!("issuer {} ({})", issuer.code, issuer.name)
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it is larger than {MAX_BYTES} bytes")));
    }
    Ok(text)
}

fn compile(
    certificate: &CertificateKind,
    folder: &Path,
    edition: Edition,
    fonts: &Arc<Fonts>,
) -> Result<Press, Fault> {
    let layout = folder.join(&certificate.layout);
    let compiled =
        Layout::open(&layout).map_err(PressError::from).and_then(|layout| layout.compile_for(edition, fonts));
    compiled.map_err(|e| {
        let message = format!("its layout does not compile: {}\n{e}", layout.display());
        Fault::new(certificate_entry(certificate), message, "")
    })
}

/// The issuer's seal, if it has one, and those of other roles.
fn seals(
    issuer: &Issuer,
    folder: &Path,
    time: Timestamp,
    password: &impl Fn(&Issuer) -> Option<String>,
) -> Result<(Option<Sealer>, Seals), Fault> {
    let open = |seal: &String| open_seal(seal, issuer, folder, time, password);
    let mut others = Seals::new();
    for (role, seal) in &issuer.other_seals {
        others = others.with(role, open(seal)?);
    }
    Ok((issuer.seal.as_ref().map(open).transpose()?, others))
}

fn open_seal(
    seal: &str,
    issuer: &Issuer,
    folder: &Path,
    time: Timestamp,
    password: &impl Fn(&Issuer) -> Option<String>,
) -> Result<Sealer, Fault> {
    let fault = |message: String, hint: &str| Fault::new(issuer_entry(issuer), message, hint);
    let sealer = if seal == DEMO {
        Sealer::demo()
    } else {
        let password = password(issuer).filter(|password| !password.is_empty());
        let password = password.ok_or_else(|| {
            let hint = "give one for all seals, or write password_env = \"NAME\"";
            fault("there is no password for its seal".into(), hint)
        })?;
        Sealer::open(&folder.join(seal), &password)
    };
    let valid = sealer.and_then(|sealer| sealer.check_validity(time).map(|()| sealer));
    valid.map_err(|e| {
        fault(format!("its seal {seal}: {e}"), "check the folder, the password and the validity")
    })
}

/// The certificates of the issuer's earlier signers.
fn earlier(issuer: &Issuer, folder: &Path) -> Result<Vec<Vec<u8>>, Fault> {
    let read = |path: &PathBuf| {
        read_certificate(&folder.join(path)).map_err(|e| Fault::new(issuer_entry(issuer), e.to_string(), ""))
    };
    issuer.earlier_signers.iter().map(read).collect()
}

/// The counters of each issuer that has some; issuers that name one file share them.
fn count(catalogue: &Catalogue, folder: &Path) -> Vec<Result<Option<Arc<Serials>>, Fault>> {
    let mut open: BTreeMap<&Path, Arc<Serials>> = BTreeMap::new();
    let of = |issuer: &'_ Issuer, path: &Path| {
        let open = if issuer.begin_serials { Serials::begin } else { Serials::open };
        open(&folder.join(path))
            .map(Arc::new)
            .map_err(|e| Fault::new(issuer_entry(issuer), e.to_string(), e.hint()))
    };
    let mut all = Vec::new();
    for issuer in &catalogue.issuers {
        all.push(match &issuer.serials {
            None => Ok(None),
            Some(path) => match open.get(path.as_path()) {
                Some(serials) => Ok(Some(Arc::clone(serials))),
                None => of(issuer, path).map(|serials| {
                    open.insert(path, Arc::clone(&serials));
                    Some(serials)
                }),
            },
        });
    }
    all
}

/// What opened; the faults of the rest are kept as well.
fn kept<T>(all: Vec<Result<T, Fault>>, faults: &mut Vec<Fault>) -> Vec<T> {
    all.into_iter().filter_map(|one| one.map_err(|fault| faults.push(fault)).ok()).collect()
}
