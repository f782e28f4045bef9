"""The desk in the browser: pages for whoever is signed in, each in the frame of what they may see."""
