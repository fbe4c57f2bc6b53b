#![no_main]
certpress_fuzz::target!(timestamp);
