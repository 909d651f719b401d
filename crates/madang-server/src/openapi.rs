//! The OpenAPI text, made from the table of routes.

use utoipa::openapi::path::{PathItem, PathsBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};

/// The description of the whole native API.
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-madang"))));
    for endpoint in crate::http::endpoints() {
        let policy = [("x-policy", endpoint.described())];
        let mut operation = endpoint.operation;
        if endpoint.policy.needs_sign_in() {
            let either =
                [SecurityRequirement::new("token", [""; 0]), SecurityRequirement::new("cookie", [""; 0])];
            operation.security = Some(either.into());
        }
        operation.extensions = Some(policy.into_iter().collect());
        paths = paths.path(endpoint.path, PathItem::new(endpoint.method, operation));
        components = components.schemas_from_iter(endpoint.schemas);
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Madang")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "The native API. How devices stay in step is described in docs/protocol/sync.md. Errors are \
                     {\"error\": {\"code\", \"message\"}} with a stable code. x-policy names who may use a route: \
                     anyone, an opening (counted by network), oneself, or a right in the space of the path or in \
                     the house.",
                ))
                .build(),
        )
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}
