//! `gphotosync pick`: a pretend person picks in a pretend Google Photos, and has it here.

mod albums;
mod both_routes;
mod interruptions;
mod links;
mod permission;
mod refusals;
mod rounds;
mod scene;
mod waiting_videos;
mod window;
