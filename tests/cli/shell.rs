//! What shells and `man` are told of the command line.

use std::fs;

use crate::support::Place;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = place.run(&["completions", shell]).exits(0);
        assert!(told.stdout.contains("pdf-profile") && told.stdout.contains("reissue"), "{shell}");
    }
    place.run(&["completions", "dos"]).exits(2).complains(&["bash", "zsh", "fish"]);
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::new();
    place.run(&["manual", "man1"]).exits(0);
    for (page, words) in
        [("certpress.1", "render"), ("certpress-render.1", "catalogue"), ("certpress-seal-new.1", "password")]
    {
        let text = fs::read_to_string(place.path("man1").join(page)).unwrap();
        assert!(text.starts_with(".") && text.contains(".SH OPTIONS") && text.contains(words), "{page}");
    }
    place.write("file", "no folder");
    place.run(&["manual", "file"]).exits(2).complains(&["cannot write into file"]);
}
