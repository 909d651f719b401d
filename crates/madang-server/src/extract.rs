//! Reading requests, with a clear 4xx for what cannot be read.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection, StringRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use madang_model::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// A JSON body, in or out.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Json(value)),
            Err(JsonRejection::BytesRejection(_)) => {
                Err(Refusal::TooLarge { limit: crate::guard::BODY_LIMIT as i64 }.into())
            }
            Err(rejection) => Err(Refusal::Invalid { what: "JSON", why: rejection.body_text() }.into()),
        }
    }
}

/// A body of text, in UTF-8.
pub struct Text(pub String);

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match String::from_request(request, state).await {
            Ok(text) => Ok(Text(text)),
            Err(StringRejection::InvalidUtf8(why)) => {
                Err(Refusal::Invalid { what: "body", why: why.body_text() }.into())
            }
            Err(_) => Err(Refusal::TooLarge { limit: crate::guard::BODY_LIMIT as i64 }.into()),
        }
    }
}

/// The named parts of the path.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(PathRejection::FailedToDeserializePathParams(why)) => {
                Err(Refusal::Invalid { what: "path", why: why.body_text() }.into())
            }
            Err(why) => Err(Refusal::Invalid { what: "path", why: why.body_text() }.into()),
        }
    }
}

/// The query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Query(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(why)) => {
                Err(Refusal::Invalid { what: "query", why: why.body_text() }.into())
            }
            Err(why) => Err(Refusal::Invalid { what: "query", why: why.body_text() }.into()),
        }
    }
}
