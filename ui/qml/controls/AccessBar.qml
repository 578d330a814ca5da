import QtQuick
import QtQuick.Layouts
import Kiosk

// Help, reading, size, language and staff: the same place on every page. Elder: two large buttons.
Rectangle {
    id: root

    readonly property bool even: Words.lang.startsWith("zh")

    signal helpPressed
    signal staffPressed

    color: Theme.sunk

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: root.even ? 40 : 24
        anchors.rightMargin: root.even ? 40 : 24
        spacing: 0
        visible: !Theme.elder

        AccessKey {
            Layout.fillWidth: true
            Layout.preferredWidth: root.even ? 100 : implicitWidth
            iconName: "help"
            objectName: "help"
            text: Words.t["access.help"]

            onClicked: root.helpPressed()
        }
        Rule {
            visible: Speech.available
        }
        AccessKey {
            Layout.fillWidth: true
            Layout.preferredWidth: root.even ? 100 : implicitWidth
            iconName: "speaker"
            objectName: "read"
            text: Words.t["access.read"]
            visible: Speech.available

            onClicked: Speech.read()
        }
        Rule {}
        AccessKey {
            Layout.fillWidth: true
            Layout.preferredWidth: root.even ? 100 : implicitWidth
            iconName: "text"
            objectName: "bar:elder"
            text: Words.t["access.larger"]

            onClicked: Flow.mode("elder")
        }
        Rule {}
        AccessKey {
            Layout.fillWidth: true
            Layout.preferredWidth: root.even ? 100 : implicitWidth
            iconName: "globe"
            objectName: "bar:language"
            text: Words.other.name

            onClicked: Flow.language(Words.other.tag)
        }
        Rule {}
        AccessKey {
            Layout.fillWidth: true
            Layout.preferredWidth: root.even ? 100 : implicitWidth
            iconName: "staff"
            objectName: "staff"
            text: Words.t["access.staff"]

            onClicked: root.staffPressed()
        }
    }

    component Rule: Rectangle {
        Layout.preferredHeight: 44
        Layout.preferredWidth: 2
        color: Qt.darker(Theme.line, 1.06)
    }
    ElderAccess {
        anchors.fill: parent
        anchors.leftMargin: Sizes.margin
        anchors.rightMargin: Sizes.margin
        visible: Theme.elder

        onHelpPressed: root.helpPressed()
        onStaffPressed: root.staffPressed()
    }
}
