//! Faces and what they cover.

use serde_json::Value;

use crate::support::Place;

#[test]
fn the_faces_that_ship_are_listed_with_what_they_cover() {
    let told = Place::new().run(&["fonts"]).exits(0);
    for line in [
        "song             all     all     all     all -60,104   Noto Serif SC Regular, fangsong",
        "together ",
    ] {
        assert!(told.stdout.contains(line), "{line}: {}", told.stdout);
    }
    let told = Place::new().run(&["fonts", "--json", "--face", "kai"]).exits(0);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(told["faces"][0]["name"], "kai");
    assert_eq!(told["faces"][0]["coverage"]["common"]["covered"], 8_105);
    assert_eq!(told["coverage"]["level-3"]["covered"], 87_887);
}

#[test]
fn a_character_is_shown_by_the_face_that_was_asked_for_or_by_the_chain() {
    let place = Place::new();
    let told = place.run(&["fonts", "--face", "楷体", "--text", "样\u{20158}"]).exits(0);
    assert_eq!(told.stdout, "U+6837   样 kai\nU+20158  \u{20158} rare\n");
    let told = place.run(&["fonts", "--text", "样\u{e000}", "--json"]).exits(1);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told[0]["face"], &told[1]["face"]), (&Value::from("song"), &Value::Null));
}

#[test]
fn what_a_face_lacks_is_listed_and_answered_no() {
    let place = Place::new();
    let told = place.run(&["fonts", "--missing", "level-1", "--face", "kai"]).exits(1);
    assert_eq!(told.stdout.lines().count(), 6_089);
    let told = place.run(&["fonts", "--missing", "level-3"]).exits(0);
    assert_eq!(told.stdout, "");
    place
        .run(&["fonts", "--face", "comic"])
        .exits(2)
        .complains(&["no face goes by this name: comic", "song"]);
}
