"""The long tests: `./kontor soak`."""
