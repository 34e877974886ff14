"""White letters with a dark edge and a soft shadow: readable on any picture that is not as restless as the text."""

from templates.captions.caption_look import CaptionLook

LOOK = CaptionLook("白字描深色边")
