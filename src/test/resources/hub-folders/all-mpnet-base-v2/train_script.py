In the place of a file that is not read where model.safetensors is.
