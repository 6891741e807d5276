"""The calendar of people: what each has to do when, gathered from the stages."""
