//! The addresses of pages, for the server's routes and for the browser alike.

use crate::RoomCode;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    Lobby,
    Room(RoomCode),
}

impl Page {
    pub fn parse(path: &str) -> Option<Self> {
        match path.trim_end_matches('/') {
            "" => Some(Self::Lobby),
            path => RoomCode::parse(path.strip_prefix("/r/")?).map(Self::Room),
        }
    }

    pub fn path(&self) -> String {
        match self {
            Self::Lobby => "/".into(),
            Self::Room(code) => format!("/r/{code}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_again_by_its_path() {
        let room = RoomCode::parse("kmrt").map(Page::Room);
        for page in [Some(Page::Lobby), room] {
            assert_eq!(page.as_ref().and_then(|page| Page::parse(&page.path())), page);
        }
        for strange in ["/r/", "/r/TOOLONG", "/r/AB/C", "/settings", "/r/ÄÖÜS", "/r/K%4DRT"] {
            assert_eq!(Page::parse(strange), None, "{strange}");
        }
    }
}
