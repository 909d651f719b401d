//! `Value` on PostgreSQL's wire: parameters take the type the server asks for, columns the types of the portable
//! dialect. Anything else is refused with a word about what to write instead.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::db::Value;

type Fault = Box<dyn Error + Sync + Send>;

/// The type under a domain (`blob` is `bytea`).
fn base(ty: &Type) -> &Type {
    match ty.kind() {
        Kind::Domain(under) => base(under),
        _ => ty,
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        let ty = base(ty);
        match (self, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Bool(b), &Type::BOOL) => b.to_sql(ty, out),
            (Value::I64(i), &Type::INT8) => i.to_sql(ty, out),
            (Value::I64(i), &Type::INT4) => i32::try_from(*i)?.to_sql(ty, out),
            (Value::I64(i), &Type::INT2) => i16::try_from(*i)?.to_sql(ty, out),
            (Value::F64(f), &Type::FLOAT8) => f.to_sql(ty, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME) => {
                text.to_sql(ty, out)
            }
            (Value::Blob(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            _ => Err(format!("a {} was given where {ty} is wanted", self.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Value, Fault> {
        let ty = base(ty);
        Ok(match *ty {
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Value::I64(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::I64(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::I64(i16::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::F64(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Value::F64(f32::from_sql(ty, raw)?.into()),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => Value::Text(String::from_sql(ty, raw)?),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            Type::NUMERIC => return Err("a NUMERIC column is not portable: write CAST(… AS BIGINT)".into()),
            _ => return Err(format!("a column of type {ty} is not portable").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Value, Fault> {
        Ok(Value::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
