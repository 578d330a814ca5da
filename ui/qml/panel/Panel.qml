pragma ComponentBehavior: Bound

import QtQuick
import QtQuick as Quick // its Flow is not the bridge's
import QtQuick.Controls.Basic
import QtQuick.Dialogs
import QtQuick.Layouts
import Kiosk
import "../controls"
import "../staff"

// The hands of the simulated cabinet: devices to the left; what this one is like, and what can be done to it, right.
Window {
    id: window

    color: Theme.paper
    height: 900
    title: Words.t["panel.title"]
    visible: true
    width: 1440

    FileDialog {
        id: cardFile

        nameFilters: ["JSON (*.json)"]

        onAccepted: Panel.takeCard(selectedFile)
    }
    RowLayout {
        anchors.fill: parent
        anchors.margins: 28
        spacing: 28

        Flickable {
            Layout.fillHeight: true
            Layout.preferredWidth: 340
            clip: true
            contentHeight: list.implicitHeight

            ColumnLayout {
                id: list

                spacing: 10
                width: parent.width

                Repeater {
                    model: Panel.devices.length

                    PanelDevice {
                        required property int index

                        Layout.fillWidth: true
                        device: Panel.devices[index] ?? ({})
                    }
                }
            }
        }
        ColumnLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            spacing: 20

            RowLayout {
                Layout.fillWidth: true
                spacing: 24

                Title {
                    Layout.fillWidth: true
                    largest: 40
                    smallest: 32
                    text: Panel.device.title
                }
                Tone {
                    Layout.fillWidth: false
                    Layout.maximumWidth: 640
                    text: Panel.answer
                    tone: Panel.answerTone
                    visible: text !== ""
                }
            }
            Quick.Flow {
                Layout.fillWidth: true
                spacing: 10

                Repeater {
                    model: Panel.device.facts.length

                    Tag {
                        required property int index

                        text: (Panel.device.facts[index] ?? ["", ""]).join("  ")
                    }
                }
            }
            Flickable {
                id: board

                Layout.fillHeight: true
                Layout.fillWidth: true
                clip: true
                contentHeight: deeds.implicitHeight

                Quick.Flow {
                    id: deeds

                    spacing: 16
                    width: board.width

                    Repeater {
                        model: Panel.deeds // whole: what was typed for another device goes with its fields

                        PanelDeed {
                            required property var modelData

                            deed: modelData
                            device: Panel.device.name

                            onCardWanted: cardFile.open()
                        }
                    }
                }

                ScrollBar.vertical: ScrollBar {}
            }
        }
    }
}
