//! Where somebody is signed in, and how they come to another device.
#![allow(clippy::unwrap_used, reason = "tests")]

use futures::future::join_all;
use protocol::{Browser, Device, System};

use super::{name, session};
use crate::store::{
    Applied, DeviceDone, DeviceOp, MAX_DEVICES, Op, PersonId, Result, SEEN, SessionHash, SignedIn,
    Store, StoreError, WayHash, Which,
};

const LAPTOP: Device = Device { browser: Some(Browser::Firefox), system: Some(System::Linux) };
const PHONE: Device = Device { browser: Some(Browser::Chrome), system: Some(System::Android) };
const NEVER: i64 = i64::MAX;

async fn done(store: &dyn Store, op: DeviceOp) -> Result<DeviceDone> {
    let Applied::Device(done) = store.apply(Op::Device(op)).await? else { panic!() };
    Ok(done)
}

async fn begin(store: &dyn Store, session: SessionHash, at: i64) -> Result<PersonId> {
    let op = Op::Begin { session, name: name("Zoe"), device: LAPTOP, at };
    let Applied::Begun(person) = store.apply(op).await? else { panic!() };
    Ok(person)
}

async fn somebody(store: &dyn Store) -> (PersonId, SessionHash) {
    let hash = session();
    (begin(store, hash, 1).await.unwrap(), hash)
}

fn token() -> WayHash {
    WayHash(session().0)
}

async fn open(store: &dyn Store, by: SessionHash, until: i64) -> WayHash {
    let way = token();
    let opened = done(store, DeviceOp::Open { by, way: Some((way, until)) }).await;
    assert_eq!(opened, Ok(DeviceDone::Opened(true)));
    way
}

fn arrive(way: WayHash, session: SessionHash, at: i64) -> DeviceOp {
    DeviceOp::Arrive { way, session, device: PHONE, was: None, at }
}

/// On one more device.
async fn another(store: &dyn Store, by: SessionHash, at: i64) -> SessionHash {
    let (way, new) = (open(store, by, NEVER).await, session());
    let arrived = done(store, arrive(way, new, at)).await.unwrap();
    assert!(matches!(arrived, DeviceDone::Arrived(_)), "{arrived:?}");
    new
}

async fn whose(store: &dyn Store, session: SessionHash) -> Option<PersonId> {
    store.person(session).await.unwrap().map(|person| person.id)
}

fn sign_out(by: SessionHash, which: Which) -> DeviceOp {
    DeviceOp::SignOut { by, which, at: 9 }
}

pub(super) async fn whoever_is_signed_out_is_nobody_and_never_again_somebody_by_that_token(
    store: &dyn Store,
) {
    let (ann, laptop) = somebody(store).await;
    let phone = another(store, laptop, 5).await;
    let on =
        |hash: SessionHash, device, at| SignedIn { id: hash.id(), device, since: at, seen_at: at };
    let both = vec![on(phone, PHONE, 5), on(laptop, LAPTOP, 1)];
    assert_eq!(store.devices(ann).await, Ok(both));
    assert_eq!([whose(store, laptop).await, whose(store, phone).await], [Some(ann); 2]);

    let out = sign_out(laptop, Which::One(phone.id()));
    assert_eq!(done(store, out.clone()).await, Ok(DeviceDone::SignedOut(vec![phone.id()])));
    assert_eq!(done(store, out).await, Ok(DeviceDone::SignedOut(vec![])), "it happens once");
    assert_eq!([whose(store, laptop).await, whose(store, phone).await], [Some(ann), None]);
    assert_eq!(store.devices(ann).await, Ok(vec![on(laptop, LAPTOP, 1)]));
    assert!(store.session(phone).await.unwrap().unwrap().ended);
    assert_eq!(store.session(session()).await, Ok(None));

    assert_eq!(begin(store, phone, 9).await, Err(StoreError::NotAMember));
    assert_eq!(begin(store, laptop, 9).await, Ok(ann), "that one goes on");
    for op in [sign_out(phone, Which::Others), DeviceOp::Open { by: phone, way: None }] {
        assert_eq!(done(store, op).await, Err(StoreError::NotAMember));
    }
    assert_eq!(whose(store, laptop).await, Some(ann));
}

pub(super) async fn only_whose_they_are_signs_devices_out(store: &dyn Store) {
    let (ann, laptop) = somebody(store).await;
    let (bob, his) = somebody(store).await;
    let [phone, tablet] = [another(store, laptop, 5).await, another(store, laptop, 6).await];
    let nobody = session();
    for (op, outcome) in [
        (sign_out(his, Which::One(phone.id())), Ok(vec![])),
        (sign_out(his, Which::Others), Ok(vec![])),
        (sign_out(nobody, Which::Others), Err(StoreError::NotAMember)),
        (sign_out(nobody, Which::One(phone.id())), Err(StoreError::NotAMember)),
    ] {
        assert_eq!(done(store, op).await, outcome.map(DeviceDone::SignedOut));
    }
    assert_eq!(store.devices(ann).await.unwrap().len(), 3);
    let Ok(DeviceDone::SignedOut(mut out)) = done(store, sign_out(tablet, Which::Others)).await
    else {
        panic!()
    };
    out.sort_unstable();
    let mut others = vec![laptop.id(), phone.id()];
    others.sort_unstable();
    assert_eq!(out, others);
    let left = [laptop, phone, tablet, his].map(|session| whose(store, session));
    assert_eq!(join_all(left).await, [None, None, Some(ann), Some(bob)]);
}

pub(super) async fn when_one_was_seen_is_kept_to_the_hour(store: &dyn Store) {
    let (ann, laptop) = somebody(store).await;
    for (at, seen_at) in [(SEEN, 1), (SEEN + 1, SEEN + 1), (2 * SEEN, SEEN + 1), (5, SEEN + 1)] {
        let seen = done(store, DeviceOp::See { session: laptop, at }).await;
        assert_eq!(seen, Ok(DeviceDone::Seen));
        assert_eq!(store.devices(ann).await.unwrap()[0].seen_at, seen_at, "{at}");
        assert_eq!(store.session(laptop).await.unwrap().unwrap().seen_at, seen_at, "{at}");
    }
    assert_eq!(
        done(store, DeviceOp::See { session: session(), at: 5 }).await,
        Ok(DeviceDone::Seen)
    );
}

pub(super) async fn a_way_to_another_device_works_once_and_in_time(store: &dyn Store) {
    let (ann, laptop) = somebody(store).await;
    let (bob, his) = somebody(store).await;
    let way = open(store, laptop, 600).await;
    let end = async |way, at| store.at_the_end_of(way, at).await.unwrap().map(|person| person.id);
    assert_eq!([end(way, 599).await, end(way, 600).await], [Some(ann), None]);
    assert_eq!(end(token(), 599).await, None);
    for (way, at) in [(way, 600), (token(), 599)] {
        let late = session();
        assert_eq!(done(store, arrive(way, late, at)).await, Ok(DeviceDone::Nowhere));
        assert_eq!(store.session(late).await, Ok(None));
    }
    // A session that is there is nobody else's by it.
    for taken in [his, laptop] {
        assert_eq!(done(store, arrive(way, taken, 599)).await, Ok(DeviceDone::Nowhere));
    }
    let phone = session();
    let first = DeviceOp::Arrive { way, session: phone, device: PHONE, was: Some(his), at: 599 };
    assert_eq!(done(store, first.clone()).await, Ok(DeviceDone::Arrived(ann)));
    assert_eq!([whose(store, phone).await, whose(store, his).await], [Some(ann), None]);
    assert_eq!(store.devices(bob).await, Ok(vec![]));
    assert_eq!(end(way, 599).await, None);
    assert_eq!(
        done(store, first.clone()).await,
        Ok(DeviceDone::Arrived(ann)),
        "the answer was lost"
    );
    assert_eq!(store.devices(ann).await.unwrap().len(), 2);
    assert_eq!(done(store, arrive(way, session(), 599)).await, Ok(DeviceDone::Nowhere));
    assert_eq!(done(store, arrive(way, phone, 600)).await, Ok(DeviceDone::Nowhere));
    done(store, sign_out(laptop, Which::One(phone.id()))).await.unwrap();
    assert_eq!(done(store, first).await, Ok(DeviceDone::Nowhere), "who is signed out stays so");
    assert_eq!(whose(store, phone).await, None);
}

pub(super) async fn of_several_ways_the_last_one_is_open(store: &dyn Store) {
    let (ann, laptop) = somebody(store).await;
    let [one, two] = [open(store, laptop, NEVER).await, open(store, laptop, NEVER).await];
    assert_eq!(done(store, arrive(one, session(), 9)).await, Ok(DeviceDone::Nowhere));
    assert_eq!(done(store, arrive(two, session(), 9)).await, Ok(DeviceDone::Arrived(ann)));
    // None is open after somebody was signed out, or if it was called off.
    for closing in [sign_out(laptop, Which::Others), DeviceOp::Open { by: laptop, way: None }] {
        let way = open(store, laptop, NEVER).await;
        done(store, closing).await.unwrap();
        assert_eq!(done(store, arrive(way, session(), 9)).await, Ok(DeviceDone::Nowhere));
        assert_eq!(store.at_the_end_of(way, 9).await, Ok(None));
    }
    for _ in 1..MAX_DEVICES {
        another(store, laptop, 9).await;
    }
    let way = Some((token(), NEVER));
    let full = done(store, DeviceOp::Open { by: laptop, way }).await;
    assert_eq!(full, Ok(DeviceDone::Opened(false)));
}

/// Everything at once, as it comes when many ask.
pub(super) async fn what_shares_a_transaction_is_decided_in_its_order(store: &dyn Store) {
    let (ann, laptop) = somebody(store).await;
    let (way, phones) = (token(), [session(), session(), session()]);
    let ops = [
        DeviceOp::Open { by: laptop, way: Some((token(), NEVER)) },
        DeviceOp::Open { by: laptop, way: Some((way, NEVER)) },
        arrive(way, phones[0], 9),
        arrive(way, phones[1], 9),
        arrive(way, phones[0], 9),
        sign_out(laptop, Which::Others),
        arrive(way, phones[0], 9),
        arrive(way, phones[2], 9),
        DeviceOp::See { session: phones[0], at: NEVER },
    ];
    let answers = join_all(ops.map(|op| done(store, op))).await;
    let (arrived, nowhere) = (DeviceDone::Arrived(ann), DeviceDone::Nowhere);
    let out = DeviceDone::SignedOut(vec![phones[0].id()]);
    let opened = DeviceDone::Opened(true);
    let expected = [
        opened.clone(),
        opened,
        arrived.clone(),
        nowhere.clone(),
        arrived,
        out,
        nowhere.clone(),
        nowhere,
        DeviceDone::Seen,
    ];
    assert_eq!(answers.into_iter().collect::<Result<Vec<_>>>().unwrap(), expected);
    assert_eq!(store.devices(ann).await.unwrap().len(), 1);
}
