//! What is decided about the bookmarks of a space. Whoever may pin may do it.

use super::Scene;
use super::decide::asks;
use crate::bookmark::Bookmark;
use crate::event::Body;
use crate::id::BookmarkId;
use crate::limits;
use crate::permission::Right;
use crate::refusal::{Refusal, Thing};

pub(super) fn add(scene: &Scene, bookmark: &Bookmark) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Pin)?;
    let bookmark = bookmark.checked()?;
    if scene.bookmarks.len() >= limits::BOOKMARKS {
        return Err(Refusal::TooMany { what: "bookmarks", limit: limits::BOOKMARKS });
    }
    Ok(vec![Body::BookmarkAdded(bookmark)])
}

pub(super) fn change(
    scene: &Scene,
    id: BookmarkId,
    title: Option<&str>,
    link: Option<&str>,
    emoji: Option<&str>,
) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Pin)?;
    let before = existing(scene, id)?;
    let mut wish = before.clone();
    title.iter().for_each(|it| wish.title = (*it).to_owned());
    link.iter().for_each(|it| wish.link = (*it).to_owned());
    emoji.iter().for_each(|it| wish.emoji = Some((*it).to_owned()));
    let bookmark = wish.checked()?;
    Ok(if bookmark == *before { Vec::new() } else { vec![Body::BookmarkChanged(bookmark)] })
}

pub(super) fn remove(scene: &Scene, id: BookmarkId) -> Result<Vec<Body>, Refusal> {
    asks(scene, Right::Pin)?;
    existing(scene, id)?;
    Ok(vec![Body::BookmarkRemoved { id }])
}

fn existing(scene: &Scene, id: BookmarkId) -> Result<&Bookmark, Refusal> {
    scene.bookmarks.iter().find(|it| it.id == id).ok_or(Refusal::NotFound(Thing::Bookmark))
}
