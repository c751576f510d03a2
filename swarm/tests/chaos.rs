//! `chaos` as people start it.

use std::{error::Error, process::Command};

#[test]
fn a_failure_says_its_scenario_its_seed_and_how_to_repeat_it() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut chaos = Command::new(env!("CARGO_BIN_EXE_chaos"));
    // A server that does not even start.
    chaos.args(["--parley", "/bin/false", "--seed", "7", "--only", "kill", "--database", "sqlite"]);
    let output = chaos.env("TMPDIR", folder.path()).output()?;
    let said = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in [
        "FAILED kill on sqlite with seed 7",
        "again: bin/chaos --seed 7 --only kill --database sqlite",
        "kept: ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(said.lines().last(), Some("0 passed, 1 failed"));
    Ok(())
}
