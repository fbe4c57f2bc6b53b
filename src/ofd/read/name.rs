//! Names of parts: what may stand in the archive, and what a location in XML leads to.
//!
//! In: an entry's name; or a location (ST_Loc, GB/T 33190-2016, 7.3) and the part it stands in. Out: the part's name.
//! Invariant: a name is relative, UTF-8, separated by single slashes, and never leaves the package. Other producers use more
//! characters than [`PackagePath`](crate::ofd::PackagePath), which is what certpress writes.

use std::collections::BTreeMap;

use super::error::Flaw;

const MAX_LENGTH: usize = 512;
const MAX_SEGMENTS: usize = 17;

/// Checks the name of a file, or of a folder without its last slash.
pub(super) fn check(name: &str) -> Result<(), Flaw> {
    if name.chars().any(char::is_control) {
        return Err(Flaw::NameControl);
    }
    if name.contains('\\') {
        return Err(Flaw::NameBackslash);
    }
    // A colon makes a drive or a stream of a name on one system.
    if name.starts_with('/') || name.contains(':') {
        return Err(Flaw::NameAbsolute);
    }
    if name.len() > MAX_LENGTH || name.split('/').count() > MAX_SEGMENTS {
        return Err(Flaw::NameLength);
    }
    for segment in name.split('/') {
        match segment {
            "" => return Err(Flaw::NameEmpty),
            "." | ".." => return Err(Flaw::NameDots),
            _ => {}
        }
    }
    Ok(())
}

/// Checks that no two entries have one name, whatever the case, and that no name is a file and a folder. Folders end in a slash.
pub(super) fn check_all<'n>(names: &[&'n str]) -> Result<(), (Flaw, &'n str)> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for &entry in names {
        let name = bare(entry);
        match known.insert(name.to_lowercase(), entry) {
            None => {}
            Some(other) if other == entry => return Err((Flaw::Duplicate, name)),
            Some(other) if bare(other) == name => return Err((Flaw::FileAndFolder, name)),
            Some(_) => return Err((Flaw::CaseTwin, name)),
        }
    }
    let mut folders: BTreeMap<String, &str> = BTreeMap::new();
    for &entry in names {
        let mut rest = entry;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            let folded = folder.to_lowercase();
            if known.get(&folded).is_some_and(|entry| !entry.ends_with('/')) {
                return Err((Flaw::FileAndFolder, folder));
            }
            if folders.insert(folded, folder).is_some_and(|other| other != folder) {
                return Err((Flaw::CaseTwin, folder));
            }
            rest = folder;
        }
    }
    Ok(())
}

/// A name without a folder's last slash.
fn bare(name: &str) -> &str {
    name.strip_suffix('/').unwrap_or(name)
}

/// The part that `location` means in `part`: from the root with a leading slash, else from the part's folder. `None` if it leads
/// out of the package.
pub(super) fn resolve(part: &str, location: &str) -> Option<String> {
    let location = location.trim();
    let (mut segments, relative): (Vec<&str>, &str) = match location.strip_prefix('/') {
        Some(absolute) => (Vec::new(), absolute),
        None => {
            let mut folders: Vec<&str> = part.split('/').collect();
            folders.pop();
            (folders, location)
        }
    };
    for segment in relative.split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop()?;
            }
            other => segments.push(other),
        }
    }
    let name = segments.join("/");
    check(&name).ok().map(|()| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_start_from_the_root_or_from_their_part_and_stay_inside() {
        let cases = [
            ("/Doc_0/Res/a.ttf", Some("Doc_0/Res/a.ttf")),
            ("Pages/Page_0/Content.xml", Some("Doc_0/Pages/Page_0/Content.xml")),
            ("./a.xml", Some("Doc_0/a.xml")),
            ("../OFD.xml", Some("OFD.xml")),
            ("../../OFD.xml", None),
            ("/..", None),
            ("", None),
            ("a//b", None),
            ("a\\b", None),
            ("http://example.com/a", None),
        ];
        for (location, expected) in cases {
            assert_eq!(resolve("Doc_0/Document.xml", location).as_deref(), expected, "{location}");
        }
    }
}
