//! What the pages of a person's devices are drawn from.

use super::*;

#[test]
fn devices_and_the_way_to_another() {
    let at = 1_715_270_000_000;
    let device = Device { browser: Some(Browser::Firefox), system: Some(System::Linux) };
    let mine = SignedIn {
        id: "5f0c2b9a6d1e4f38".into(),
        device,
        since: at,
        seen: at + 3_600_000,
        here: true,
        this: true,
    };
    let id = "0a91c3d5e7f60b24".into();
    let device = Device::default();
    let other = SignedIn { id, device, since: at, seen: at, here: false, this: false };
    let devices = Devices { signed_in: vec![mine, other], ..Devices::default() };
    let look = Look::default;
    check(
        &PageData { look: look(), view: View::Devices(devices) },
        r#"{"look":{"theme":null,"zone":null},"view":{"devices":{"signed_in":[{"id":"5f0c2b9a6d1e4f38","device":{"browser":"firefox","system":"linux"},"since":1715270000000,"seen":1715273600000,"here":true,"this":true},{"id":"0a91c3d5e7f60b24","device":{"browser":null,"system":null},"since":1715270000000,"seen":1715270000000,"here":false,"this":false}],"way":null}}}"#,
    );
    let now = Some(Now::Other("Quiet Otter".into()));
    let arrival = Arrival { name: Some("Ana".into()), now };
    check(
        &PageData { look: look(), view: View::Arrival(arrival) },
        r#"{"look":{"theme":null,"zone":null},"view":{"arrival":{"name":"Ana","now":{"other":"Quiet Otter"}}}}"#,
    );
}
