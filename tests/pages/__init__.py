"""What the pages show: each fence of each page, read as what it is and run where it can be."""
