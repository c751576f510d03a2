//! What a process has used so far, as Linux counts it.

use std::fs::read_to_string;

use anyhow::{Context, Result};

/// Linux counts so for every program, whatever it counts in itself.
const TICKS_PER_SECOND: f64 = 100.0;

#[derive(Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// Seconds of processor time, of the program and of the kernel on its behalf.
    pub(crate) fn cpu(self) -> Result<f64> {
        let stat = read_to_string(format!("/proc/{}/stat", self.0))?;
        // The name before it may have spaces. What follows is field 3; 14 and 15 are the times.
        let (_, fields) = stat.rsplit_once(')').context("no name")?;
        let mut ticks = fields.split_whitespace().skip(11).map(str::parse::<u32>);
        let mut next = || anyhow::Ok(ticks.next().context("no times")??);
        Ok(f64::from(next()? + next()?) / TICKS_PER_SECOND)
    }

    /// KiB that are in memory.
    pub(crate) fn memory(self) -> Result<f64> {
        let status = read_to_string(format!("/proc/{}/status", self.0))?;
        let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let size = size.context("no memory")?.trim().trim_end_matches(" kB");
        Ok(size.parse()?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() {
        let this = Process(std::process::id());
        assert!(this.cpu().unwrap() >= 0.0);
        assert!(this.memory().unwrap() > 100.0);
    }
}
