"""The state machines: wiring only; what is judged or worded stands in the agents."""
