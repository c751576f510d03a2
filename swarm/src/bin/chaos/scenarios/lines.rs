//! The lines between clients and server.

use anyhow::{Result, ensure};

use super::Outcome;
use crate::{proxy::Fate, stage::Stage};

pub(super) async fn cut(stage: &mut Stage) -> Result<Outcome> {
    let (cuts, each) = if stage.plan.long { (60, 200) } else { (12, 40) };
    stage.start().await?;
    stage.fill(2, 4).await?;
    stage.everyone_says(each).await;
    let all = each * stage.tabs.len();
    let mut moments: Vec<_> = (0..cuts).map(|_| stage.chance.within(1..all * 3 / 4)).collect();
    moments.sort_unstable();
    let (mut cut, mut frozen) = (0, 0);
    for (nth, moment) in moments.into_iter().enumerate() {
        stage.until_acknowledged(moment).await?;
        let fate = match stage.chance.within(0..4) {
            // Only silence tells of it, which takes its seconds: at the beginning, for all at once.
            _ if nth < 2 => Fate::Freeze,
            0 => Fate::Reset,
            1 => Fate::Swallow,
            _ => Fate::Break(stage.chance.within(0..600)),
        };
        if stage.proxy.hit(fate, &mut stage.chance) {
            cut += 1;
            frozen += usize::from(fate == Fate::Freeze);
        }
    }
    ensure!(cut > cuts / 2 && frozen > 0, "of {cuts} lines only {cut} were cut, {frozen} frozen");
    Ok(Outcome::Played(format!("{cut} lines cut, {frozen} of them frozen"), stage.settle().await?))
}
