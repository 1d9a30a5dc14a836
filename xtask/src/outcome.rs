/// The result of a step; the error is a message for people.
pub(crate) type Outcome<T = ()> = Result<T, String>;
