//! The `certpress` command.

fn main() {}
