//! Answers, each as one value, for whoever renders it.

pub mod comparison;
pub mod diagnosis;
pub mod doctor;
pub mod links;
pub mod organization;
pub mod own_machine;
pub mod pages;
pub mod several;
pub mod word_search;
