//! A seal's folder.
//!
//! In: a seal with its certificates, key and picture; or the folder and its password. Out: the same, the other way.
//! Invariant: nothing is overwritten, the key is written encrypted only and readable by its owner only, and files have limits.
//!
//! | file | what |
//! |---|---|
//! | `seal.esl` | DER SESeal |
//! | `root.crt`, `maker.crt`, `signer.crt` | PEM certificates |
//! | `signer.key` | PEM PKCS#8, encrypted (PBES2) |
//! | `tsa.crt`, `tsa.key` | the test authority for timestamps, like the signer's |
//! | `root.crl` | PEM revocation list by which the root says that it revoked none of them |
//! | `seal.svg` | the drawing, in mm; absent where a picture was supplied |
//! | `seal.png` | the picture as the seal's data hold it |

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use der::pem::LineEnding;

use super::SealError;
use super::artwork;
use super::ses::Seal;
use crate::crypto::sm2::SigningKey;
use crate::geom::Size;
use crate::page::SealArtwork;
use crate::unit::Length;

/// Larger than any part of a seal.
const LIMIT: u64 = 8 << 20;

/// The PEM label of a certificate (RFC 7468, 5).
const CERTIFICATE: &str = "CERTIFICATE";
/// The PEM label of a revocation list (RFC 7468, 6).
const CRL: &str = "X509 CRL";

/// What a seal's folder holds.
#[derive(Debug)]
pub(super) struct SealFolder {
    /// DER SESeal.
    pub(super) esl: Vec<u8>,
    /// DER certificate.
    pub(super) root: Vec<u8>,
    /// DER certificate.
    pub(super) signer: Vec<u8>,
    /// The signer's key.
    pub(super) key: SigningKey,
    /// The drawing.
    pub(super) svg: Option<String>,
    /// The picture.
    pub(super) artwork: SealArtwork,
}

/// The test authority for timestamps, and the root's revocation list.
#[derive(Debug)]
pub(super) struct Authority {
    /// DER certificate.
    pub(super) certificate: Vec<u8>,
    /// Its key.
    pub(super) key: SigningKey,
    /// DER CertificateList.
    pub(super) crl: Vec<u8>,
}

impl SealFolder {
    /// Writes the folder, which may exist but may not hold any of the files.
    pub(super) fn write(&self, authority: &Authority, dir: &Path, password: &str) -> Result<(), SealError> {
        let seal = Seal::parse(&self.esl)?;
        let key = self.key.to_encrypted_pem(password)?;
        let tsa_key = authority.key.to_encrypted_pem(password)?;
        let labelled = |label, der: &[u8]| {
            der::pem::encode_string(label, LineEnding::LF, der)
                .map_err(|e| SealError::NotASeal(e.to_string()))
        };
        let pem = |der: &[u8]| labelled(CERTIFICATE, der);
        let (root, maker, signer) = (pem(&self.root)?, pem(&seal.maker_certificate)?, pem(&self.signer)?);
        let (tsa, crl) = (pem(&authority.certificate)?, labelled(CRL, &authority.crl)?);
        let mut files = vec![
            ("signer.key", key.as_bytes(), Access::Owner),
            ("tsa.key", tsa_key.as_bytes(), Access::Owner),
            ("tsa.crt", tsa.as_bytes(), Access::All),
            ("root.crl", crl.as_bytes(), Access::All),
            ("root.crt", root.as_bytes(), Access::All),
            ("maker.crt", maker.as_bytes(), Access::All),
            ("signer.crt", signer.as_bytes(), Access::All),
            ("seal.png", &self.artwork.png.data, Access::All),
            ("seal.esl", &self.esl, Access::All),
        ];
        if let Some(svg) = &self.svg {
            files.push(("seal.svg", svg.as_bytes(), Access::All));
        }
        fs::create_dir_all(dir).map_err(file_error(dir))?;
        // All are looked for before any is written, so that no half a seal is left behind.
        if let Some((name, ..)) = files.iter().find(|(name, ..)| dir.join(name).exists()) {
            return Err(SealError::Exists(dir.join(name)));
        }
        files.iter().try_for_each(|(name, bytes, access)| write_new(&dir.join(name), bytes, *access))
    }

    /// Reads the folder. The picture is the one that the seal's data hold; `seal.svg` adds outlines to it; `seal.png` and
    /// `maker.crt` are for people and other programs.
    pub(super) fn read(dir: &Path, password: &str) -> Result<SealFolder, SealError> {
        let esl = read_limited(&dir.join("seal.esl"))?;
        let svg_path = dir.join("seal.svg");
        let svg = if svg_path.exists() { Some(read_text(&svg_path)?) } else { None };
        let artwork = artwork_of(&Seal::parse(&esl)?, svg.as_deref())?;
        Ok(SealFolder {
            esl,
            root: read_certificate(&dir.join("root.crt"))?,
            signer: read_certificate(&dir.join("signer.crt"))?,
            key: read_key(&dir.join("signer.key"), password)?,
            svg,
            artwork,
        })
    }
}

/// Reads `tsa.crt` and `tsa.key`.
pub(super) fn read_authority(dir: &Path, password: &str) -> Result<(Vec<u8>, SigningKey), SealError> {
    Ok((read_certificate(&dir.join("tsa.crt"))?, read_key(&dir.join("tsa.key"), password)?))
}

fn read_key(path: &Path, password: &str) -> Result<SigningKey, SealError> {
    let pem = zeroize::Zeroizing::new(read_text(path)?);
    SigningKey::from_encrypted_pem(&pem, password)
        .map_err(|source| SealError::KeyFile { path: path.to_path_buf(), source })
}

/// A seal's picture with its size in mm, and the outlines of `svg` if there is one. Only the seal's data are signed: `svg` takes the size
/// that they give in whole millimetres, and is refused where it differs by more than their rounding.
pub(super) fn artwork_of(seal: &Seal, svg: Option<&str>) -> Result<SealArtwork, SealError> {
    let picture = &seal.picture;
    if !picture.format.eq_ignore_ascii_case("png") {
        return Err(SealError::Artwork(format!("only png can be shown, not {}", picture.format)));
    }
    match svg {
        Some(svg) => {
            let whole = |mm| Length::mm(f64::from(mm));
            let size = Size::new(whole(picture.width_mm), whole(picture.height_mm));
            artwork::from_svg_and_png(svg, &picture.data)?.fit(size)
        }
        None => artwork::from_png(&picture.data, Length::mm(f64::from(picture.width_mm))),
    }
}

/// Reads a PEM certificate as DER.
pub(crate) fn read_certificate(path: &Path) -> Result<Vec<u8>, SealError> {
    let pem = read_limited(path)?;
    match der::pem::decode_vec(&pem) {
        Ok((CERTIFICATE, der)) => Ok(der),
        _ => Err(SealError::NotASeal(format!("{}: not a PEM certificate", path.display()))),
    }
}

/// Who may read a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    All,
    Owner,
}

fn write_new(path: &Path, bytes: &[u8], access: Access) -> Result<(), SealError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => SealError::Exists(path.to_path_buf()),
        _ => file_error(path)(e),
    })?;
    file.write_all(bytes).map_err(file_error(path))
}

/// Reads a file of at most [`LIMIT`] bytes.
pub(super) fn read_limited(path: &Path) -> Result<Vec<u8>, SealError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(file_error(path))?;
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(file_error(path))?;
    if bytes.len() as u64 > LIMIT {
        return Err(SealError::TooLarge { path: path.to_path_buf(), limit: LIMIT });
    }
    Ok(bytes)
}

fn read_text(path: &Path) -> Result<String, SealError> {
    String::from_utf8(read_limited(path)?)
        .map_err(|_| SealError::NotASeal(format!("{}: not UTF-8", path.display())))
}

fn file_error(path: &Path) -> impl Fn(std::io::Error) -> SealError {
    let path: PathBuf = path.to_path_buf();
    move |source| SealError::File { path: path.clone(), source }
}
