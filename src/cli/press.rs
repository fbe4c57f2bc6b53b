//! The press that a command works with: layout, faces and seal found and opened.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use certpress::compile::Edition;
use certpress::diag::Diagnostics;
use certpress::licence::catalogue::Issuer;
use certpress::page::Timestamp;
use certpress::seal::{SealError, TestAuthority};
use certpress::text::{FontError, Fonts};
use certpress::{Layout, Office, Press, PressError, Sealer, Seals};

use super::failure::Failure;
use super::terminal::{complain, counted};

/// The folder of faces, where no option names one.
const FONTS_VARIABLE: &str = "CERTPRESS_FONTS";
/// The seal's password.
pub(crate) const PASSWORD_VARIABLE: &str = "CERTPRESS_SEAL_PASSWORD";

/// Which faces, beside those that ship.
#[derive(Args)]
pub(crate) struct FontArguments {
    /// Add the faces of this folder (repeatable); its faces.toml registers them
    ///
    /// They come on top of the faces that ship: those of the folder that CERTPRESS_FONTS names, or else of a folder `fonts` beside
    /// the layout's folder or any folder above it, or else of `fonts` here.
    #[arg(long, value_name = "DIR")]
    fonts: Vec<PathBuf>,
}

impl FontArguments {
    /// Opens the faces that ship, looked for around `beside`, and the added ones.
    pub(crate) fn open(&self, beside: &Path) -> Result<Fonts, Failure> {
        let folders = self.folders(beside)?;
        let wrong = |e: FontError| {
            Failure::new(e.to_string(), "a folder of faces holds a faces.toml and the files it names")
        };
        let (first, further) = folders.split_first().expect("there is at least the folder that ships");
        let mut fonts = Fonts::open(first).map_err(wrong)?;
        for folder in further {
            fonts.add(folder).map_err(wrong)?;
        }
        Ok(fonts)
    }

    /// The folders of the faces that ship, and of the added ones.
    pub(crate) fn folders(&self, beside: &Path) -> Result<Vec<PathBuf>, Failure> {
        let base = match env::var_os(FONTS_VARIABLE).filter(|v| !v.is_empty()) {
            Some(dir) => Some(PathBuf::from(dir)),
            None => {
                let absolute = std::path::absolute(beside).unwrap_or_else(|_| beside.into());
                let above = absolute.ancestors().skip(1).map(|dir| dir.join("fonts"));
                above.chain([PathBuf::from("fonts")]).find(|dir| dir.join("faces.toml").is_file())
            }
        };
        let folders: Vec<PathBuf> = base.into_iter().chain(self.fonts.iter().cloned()).collect();
        if folders.is_empty() {
            return Err(Failure::new(
                format!("no folder `fonts` with a faces.toml above {} or here", beside.display()),
                format!("name one with --fonts DIR or in {FONTS_VARIABLE}"),
            ));
        }
        Ok(folders)
    }
}

/// Which layout, with which faces.
#[derive(Args)]
pub(crate) struct LayoutArguments {
    /// The layout, such as layouts/title-senior.xml
    #[arg(value_name = "LAYOUT")]
    layout: PathBuf,

    #[command(flatten)]
    fonts: FontArguments,
}

impl LayoutArguments {
    /// Compiles the layout.
    pub(crate) fn compile(&self) -> Result<Press, Failure> {
        compile(&self.layout, &self.fonts, Edition::Electronic)
    }
}

/// Compiles an edition of a layout. Its warnings go to stderr, and so do its mistakes, all of them.
pub(crate) fn compile(layout: &Path, fonts: &FontArguments, edition: Edition) -> Result<Press, Failure> {
    let fonts = Arc::new(fonts.open(layout)?);
    let compiled =
        Layout::open(layout).map_err(PressError::from).and_then(|l| l.compile_for(edition, &fonts));
    let press = compiled.map_err(|error| match error {
        PressError::Source(Diagnostics(mistakes)) => {
            mistakes.iter().for_each(|mistake| complain(&mistake.to_string()));
            let count = counted(mistakes.len() as u64, "mistake");
            Failure::new(format!("the layout does not compile, {count}: {}", layout.display()), "")
        }
        other => Failure::new(other.to_string(), ""),
    })?;
    for warning in press.warnings() {
        complain(&warning.to_string());
    }
    Ok(press)
}

/// The password's source.
#[derive(Args)]
pub(crate) struct PasswordArguments {
    /// Read the password of the seal's key from the first line of this file [else: CERTPRESS_SEAL_PASSWORD]
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

impl PasswordArguments {
    /// The password; never an argument, because other users of the machine can read those.
    pub(crate) fn password(&self) -> Result<String, Failure> {
        let password = match &self.password_file {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|e| Failure::unreadable(path, &e))?;
                text.lines().next().unwrap_or("").to_owned()
            }
            None => env::var(PASSWORD_VARIABLE).unwrap_or_default(),
        };
        if password.is_empty() {
            return Err(Failure::new(
                "the seal's key needs a password",
                format!("put it into a file and name that with --password-file, or set {PASSWORD_VARIABLE}"),
            ));
        }
        Ok(password)
    }
}

/// Opens a catalogue with its layouts and, unless they are for paper, its seals, to be used at `time`.
pub(crate) fn open_office(
    catalogue: &Path,
    edition: Edition,
    fonts: &FontArguments,
    password: &PasswordArguments,
    time: Timestamp,
) -> Result<Office, Failure> {
    let fonts = Arc::new(fonts.open(catalogue)?);
    // Without a file there may be no password for all: the issuer that needs one says so.
    let for_all = match &password.password_file {
        Some(_) => Some(password.password()?),
        None => password.password().ok(),
    };
    let of = |issuer: &Issuer| match &issuer.password_env {
        Some(name) => env::var(name).ok(),
        None => for_all.clone(),
    };
    Office::open_for(edition, catalogue, &fonts, time, of).map_err(|e| Failure::new(e.to_string(), ""))
}

/// The press with what `--seal` names: nothing, one seal, or one for each role as `ROLE=…`.
pub(crate) fn sealed(
    press: Press,
    seals: &[String],
    timestamp: bool,
    password: &PasswordArguments,
) -> Result<Press, Failure> {
    let wrong = |e: PressError| Failure::new(e.to_string(), "");
    // A folder may have the sign in its name.
    let role = |seal: &&String| !Path::new(*seal).is_dir() && seal.contains('=');
    match seals {
        [] => Ok(press),
        [one] if !role(&one) => press.with_seal(open_seal(one, timestamp, password)?).map_err(wrong),
        several => {
            let mut seals = Seals::new();
            for seal in several {
                let (role, seal) = seal.split_once('=').filter(|_| role(&seal)).ok_or_else(|| {
                    Failure::new(
                        format!("several seals, and this one is not said to be whose: {seal}"),
                        format!(
                            "the layout's roles are {}: write --seal ROLE={seal}",
                            press.seal_roles().join(", ")
                        ),
                    )
                })?;
                seals = seals.with(role, open_seal(seal, timestamp, password)?);
            }
            press.with_seals(&seals).map_err(wrong)
        }
    }
}

/// The press with what `--seal` names, or for a trial with the demonstration seal in every role.
pub(crate) fn sealed_for_proofs(
    press: Press,
    seals: &[String],
    password: &PasswordArguments,
) -> Result<Press, Failure> {
    if !seals.is_empty() || press.seal_roles().is_empty() {
        return sealed(press, seals, false, password);
    }
    let demo = open_seal("demo", false, password)?;
    let seals = press.seal_roles().iter().fold(Seals::new(), |seals, role| seals.with(role, demo.clone()));
    press.with_seals(&seals).map_err(|e| Failure::new(e.to_string(), ""))
}

/// Opens `--seal`: `demo` or a folder of `certpress seal new`; with `timestamp`, its signatures get timestamps of the test authority
/// that belongs to it.
pub(crate) fn open_seal(
    seal: &str,
    timestamp: bool,
    password: &PasswordArguments,
) -> Result<Sealer, Failure> {
    if seal == "demo" {
        let wrong = |e: SealError| Failure::new(format!("the demonstration seal: {e}"), "");
        let sealer = Sealer::demo().map_err(wrong)?;
        return Ok(if timestamp {
            sealer.with_timestamps(Arc::new(TestAuthority::demo().map_err(wrong)?))
        } else {
            sealer
        });
    }
    let folder = Path::new(seal);
    if !folder.is_dir() {
        return Err(Failure::new(
            format!("no seal in the folder {seal}"),
            "make one with `certpress seal new NAME --out FOLDER`, or use --seal demo",
        ));
    }
    let wrong = |e: SealError| {
        Failure::new(format!("cannot open the seal in {seal}: {e}"), "check the folder and the password")
    };
    let password = password.password()?;
    let sealer = Sealer::open(folder, &password).map_err(wrong)?;
    Ok(if timestamp {
        sealer.with_timestamps(Arc::new(TestAuthority::open(folder, &password).map_err(wrong)?))
    } else {
        sealer
    })
}
