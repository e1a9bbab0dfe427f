"""`make bench`: this project beside other chat servers, measured in one run on one machine."""
