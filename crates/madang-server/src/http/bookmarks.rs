//! Bookmarks: the links that stand above a conversation. Whoever may pin lays them out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use madang_app::App;
use madang_model::permission::Right;
use madang_model::{BookmarkId, Command, SpaceId};

use crate::auth::Caller;
use crate::endpoint;
use crate::error::Result;
use crate::extract::{Json, Path, Query};
use crate::router::{Endpoint, Policy};
use crate::wire::bookmarks::{Bookmark, Bookmarks, ChangeBookmark, NewBookmark};
use crate::wire::messages::ClientId;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(list, __path_list, Policy::Space(Right::Read)),
        endpoint!(add, __path_add, Policy::Space(Right::Pin)),
        endpoint!(change, __path_change, Policy::Space(Right::Pin)),
        endpoint!(remove, __path_remove, Policy::Space(Right::Pin)),
    ]
}

/// The links that stand above the conversation, in the order in which they were added.
#[utoipa::path(get, path = "/api/v1/spaces/{id}/bookmarks", tag = "bookmarks", params(("id" = String, Path)), responses((status = 200, body = Bookmarks)))]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
) -> Result<Json<Bookmarks>> {
    let bookmarks = app.bookmarks(caller.person, space).await?;
    Ok(Json(Bookmarks { bookmarks: bookmarks.into_iter().map(Bookmark::from).collect() }))
}

/// Adds one.
#[utoipa::path(post, path = "/api/v1/spaces/{id}/bookmarks", tag = "bookmarks", params(("id" = String, Path)), request_body = NewBookmark, responses((status = 201, body = Bookmark)))]
async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(space): Path<SpaceId>,
    Json(body): Json<NewBookmark>,
) -> Result<(StatusCode, Json<Bookmark>)> {
    let NewBookmark { client_id, title, link, emoji } = body;
    let made = app.add_bookmark(caller.person, space, client_id, (title, link, emoji)).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Gives one another title, link or emoji.
#[utoipa::path(patch, path = "/api/v1/spaces/{id}/bookmarks/{bookmark}", tag = "bookmarks", params(("id" = String, Path), ("bookmark" = String, Path)), request_body = ChangeBookmark, responses((status = 200, body = Bookmark)))]
async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, bookmark)): Path<(SpaceId, BookmarkId)>,
    Json(body): Json<ChangeBookmark>,
) -> Result<Json<Bookmark>> {
    let emoji = body.emoji.map(Option::unwrap_or_default);
    let what = (body.title, body.link, emoji);
    Ok(Json(app.change_bookmark(caller.person, space, bookmark, what).await?.into()))
}

/// Takes one away.
#[utoipa::path(delete, path = "/api/v1/spaces/{id}/bookmarks/{bookmark}", tag = "bookmarks", params(("id" = String, Path), ("bookmark" = String, Path), ClientId), responses((status = 204)))]
async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((space, bookmark)): Path<(SpaceId, BookmarkId)>,
    Query(query): Query<ClientId>,
) -> Result<StatusCode> {
    let command = Command::RemoveBookmark { bookmark };
    app.run(caller.person, space, query.client_id, command).await?;
    Ok(StatusCode::NO_CONTENT)
}
