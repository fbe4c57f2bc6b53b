#![no_main]
certpress_fuzz::target!(crl);
