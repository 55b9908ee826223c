"""Light and weather: by hour, season and gaffer."""
