"""The color-binding benchmark: do the colors of an instruction reach the parts that it names?"""
