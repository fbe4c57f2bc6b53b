//! A seal's folder: written once, readable by its owner, opened with its password only.

use certpress::crypto::x509::Certificate;
use certpress::seal::{Design, NewSeal, SealError, Sealer, create, describe};
use certpress::unit::Length;

use super::sample;

fn new_seal() -> NewSeal {
    let mut new = NewSeal::new("样例省人力资源和社会保障厅", sample::time());
    new.design = Design { code: "4300000000001".into(), diameter: Length::mm(45.0), ..new.design };
    new
}

#[test]
fn a_folder_opens_with_its_password_and_seals() {
    let dir = tempfile::tempdir().unwrap();
    create(&new_seal(), &sample::fonts(), dir.path(), "正确的口令").unwrap();
    let sealer = Sealer::open(dir.path(), "正确的口令").unwrap();
    assert_eq!(sealer.artwork().size.width, Length::mm(45.0));
    assert_eq!(sealer.artwork().items.len(), 2, "the ring, and all that is filled");
    sealer.seal(Some(sample::ofd()), Some(sample::pdf(&sealer)), &sample::options()).unwrap();

    let wrong = Sealer::open(dir.path(), "wrong").unwrap_err();
    assert!(wrong.to_string().ends_with("signer.key: the key does not open with this password"), "{wrong}");
}

#[cfg(unix)]
#[test]
fn the_key_is_encrypted_and_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    create(&new_seal(), &sample::fonts(), dir.path(), "pw").unwrap();
    let path = dir.path().join("signer.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
}

#[test]
fn nothing_is_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("signer.crt"), "mine").unwrap();
    let error = create(&new_seal(), &sample::fonts(), dir.path(), "pw").unwrap_err();
    assert!(matches!(error, SealError::Exists(_)), "{error}");
    assert_eq!(std::fs::read_to_string(dir.path().join("signer.crt")).unwrap(), "mine");
    assert!(!dir.path().join("signer.key").exists(), "no half a seal is left behind");
}

#[test]
fn the_certificates_form_a_chain_and_a_stranger_is_not_in_it() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    create(&new_seal(), &sample::fonts(), dir.path(), "pw").unwrap();
    create(&new_seal(), &sample::fonts(), other.path(), "pw").unwrap();
    let certificate = |dir: &tempfile::TempDir, name: &str| {
        let pem = std::fs::read(dir.path().join(name)).unwrap();
        Certificate::parse(&der::pem::decode_vec(&pem).unwrap().1).unwrap()
    };
    let root = certificate(&dir, "root.crt");
    assert!(root.is_issued_by(&root) && root.is_authority);
    for name in ["maker.crt", "signer.crt"] {
        assert!(certificate(&dir, name).is_issued_by(&root), "{name}");
        assert!(!certificate(&other, name).is_issued_by(&root), "{name}: the same names, another root");
        assert!(!root.is_issued_by(&certificate(&dir, name)), "{name} is no authority");
    }
    assert_eq!(describe(dir.path()).unwrap().issued_by_root, Some(true));
    std::fs::copy(other.path().join("root.crt"), dir.path().join("root.crt")).unwrap();
    assert_eq!(describe(dir.path()).unwrap().issued_by_root, Some(false));
}

#[test]
fn outlines_take_the_signed_size_and_are_refused_at_another() {
    let dir = tempfile::tempdir().unwrap();
    certpress::seal::write_demo(dir.path(), "pw").unwrap();
    let path = dir.path().join("seal.svg");
    let svg = std::fs::read_to_string(&path).unwrap();
    let open_at = |mm: &str| {
        let head = "width=\"42mm\" height=\"42mm\"";
        assert!(svg.contains(head));
        std::fs::write(&path, svg.replace(head, &format!("width=\"{mm}mm\" height=\"{mm}mm\""))).unwrap();
        Sealer::open(dir.path(), "pw")
    };
    let rounded = open_at("42.4").unwrap();
    let art = rounded.artwork();
    assert_eq!(art.size, certpress::geom::Size::mm(42.0, 42.0));
    let ring = art.items[0].path.bounds().unwrap();
    assert!(ring.right() <= art.size.width, "the outlines shrink with the size: {ring:?}");
    let error = open_at("84").unwrap_err();
    assert!(error.to_string().contains("as large as the seal"), "{error}");
}

#[test]
fn a_folder_opens_without_the_files_that_are_for_people() {
    let dir = tempfile::tempdir().unwrap();
    certpress::seal::write_demo(dir.path(), "pw").unwrap();
    for name in ["maker.crt", "seal.png", "seal.svg"] {
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
    Sealer::open(dir.path(), "pw").unwrap();
}

#[test]
fn a_supplied_picture_is_used_as_it_is() {
    let drawn = new_seal().design.draw(&sample::fonts()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let new = NewSeal { picture: Some(drawn.png.data.to_vec()), ..new_seal() };
    create(&new, &sample::fonts(), dir.path(), "pw").unwrap();
    assert!(!dir.path().join("seal.svg").exists());
    let sealer = Sealer::open(dir.path(), "pw").unwrap();
    assert!(sealer.artwork().items.is_empty());
    assert_eq!(sealer.artwork().png.data, drawn.png.data);
    assert_eq!(sealer.artwork().size.width, Length::mm(45.0));
}
